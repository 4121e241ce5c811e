import type { S3Client } from '@aws-sdk/client-s3'
import type { QuarantineSource } from './source.ts'

/**
 * A quarantine in a bucket. Where AWS is, and who asks, is said by the client's own variables: AWS_REGION,
 * AWS_ENDPOINT_URL_S3, AWS_PROFILE and so on.
 */
export const s3Source = (bucket: string, prefix: string, given?: S3Client): QuarantineSource => ({
  async *list() {
    // Half a second to load, which a folder does not need.
    const { S3Client, GetObjectCommand, paginateListObjectsV2 } = await import('@aws-sdk/client-s3')
    const client =
      given ??
      new S3Client({ forcePathStyle: !!(process.env.AWS_ENDPOINT_URL_S3 ?? process.env.AWS_ENDPOINT_URL) })
    for await (const { Contents = [] } of paginateListObjectsV2(
      { client },
      { Bucket: bucket, Prefix: prefix },
    ))
      for (const { Key = '', Size = 0 } of Contents) {
        if (Size === 0 || /(^|\/)\./.test(Key.slice(prefix.length))) continue
        const open = async () => {
          const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key }))
          return Body as unknown as AsyncIterable<Uint8Array>
        }
        yield { name: Key, open }
      }
  },
})
