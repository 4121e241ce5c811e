import type { S3Client } from '@aws-sdk/client-s3'
import type { Archive } from './archive.ts'

/**
 * An archive in a bucket, below a prefix that ends with `/` or is empty. Where AWS is, and who asks, is said by the
 * client's own variables: AWS_REGION, AWS_PROFILE, AWS_ENDPOINT_URL_S3 and so on.
 */
export const s3Archive = (bucket: string, prefix: string, given?: S3Client): Archive => {
  // Half a second to load, which a folder does not need.
  const load = async () => {
    const aws = await import('@aws-sdk/client-s3')
    const forcePathStyle = !!(process.env.AWS_ENDPOINT_URL_S3 ?? process.env.AWS_ENDPOINT_URL)
    return { aws, client: given ?? new aws.S3Client({ forcePathStyle }) }
  }
  let loaded: ReturnType<typeof load> | undefined
  const once = () => {
    loaded ??= load()
    return loaded
  }
  return {
    async *list(below) {
      const { aws, client } = await once()
      const pages = aws.paginateListObjectsV2({ client }, { Bucket: bucket, Prefix: `${prefix}${below}` })
      for await (const { Contents = [] } of pages)
        for (const { Key = '', Size = 0 } of Contents) yield { key: Key.slice(prefix.length), bytes: Size }
    },
    async open(key) {
      const { aws, client } = await once()
      const { Body } = await client.send(new aws.GetObjectCommand({ Bucket: bucket, Key: `${prefix}${key}` }))
      return Body as unknown as AsyncIterable<Uint8Array>
    },
  }
}
