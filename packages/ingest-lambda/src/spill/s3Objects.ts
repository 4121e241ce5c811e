import type { Aws } from '../aws/createAws.ts'
import type { SpillObjects } from './objects.ts'

/** Spilled records in a bucket, below a prefix. */
export const s3Objects = (aws: Pick<Aws, 's3'>, bucket: string, prefix: string): SpillObjects => {
  const at = (name: string) => ({ bucket, key: `${prefix}${name}` })
  return {
    async put(name, body) {
      const headers = { 'content-type': 'application/x-ndjson' }
      await (await aws.s3('PUT', at(name), { body, headers })).arrayBuffer()
    },
    async list(limit, after) {
      const query = new URLSearchParams({
        'list-type': '2',
        'encoding-type': 'url',
        'max-keys': String(limit),
        prefix,
        ...(after !== undefined && { 'start-after': `${prefix}${after}` }),
      })
      const answer = await aws.s3('GET', { bucket, key: '' }, { query: `?${query}` })
      return [...(await answer.text()).matchAll(/<Key>([^<]+)<\/Key>/g)].map(([, key]) =>
        decodeURIComponent(key!.replaceAll('+', ' ')).slice(prefix.length),
      )
    },
    async get(name) {
      return Buffer.from(await (await aws.s3('GET', at(name))).arrayBuffer())
    },
    async remove(name) {
      await (await aws.s3('DELETE', at(name), {}, [200, 204])).arrayBuffer()
    },
  }
}
