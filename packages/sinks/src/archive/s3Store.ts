import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import type { ObjectStore } from './objectStore.ts'

/** How long a try may take, ms: S3 answers a few megabytes within a second, and one that hangs must leave time for another. */
const TRY_TIMEOUT_MS = 10_000

/** Longer than any invocation, ms. A timer cannot wait for much longer. */
const MAX_TIMEOUT_MS = 900_000

/** A client for the archive. Where AWS is, and who asks, is said by its own variables: AWS_REGION, AWS_ENDPOINT_URL_S3 and so on. */
export const createS3Client = (env: Readonly<Record<string, string | undefined>>): S3Client =>
  new S3Client({
    maxAttempts: 4,
    requestHandler: {
      connectionTimeout: 2000,
      requestTimeout: TRY_TIMEOUT_MS,
      throwOnRequestTimeout: true,
    },
    forcePathStyle: !!(env.AWS_ENDPOINT_URL_S3 ?? env.AWS_ENDPOINT_URL),
  })

/**
 * An object store in a bucket, under `prefix`. The client tries again by itself what is worth it:
 * https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
 */
export const s3Store = (bucket: string, prefix: string, client: Pick<S3Client, 'send'>): ObjectStore => {
  const folder = prefix && `${prefix.replace(/\/+$/, '')}/`
  return {
    async putObject(key, body, timeoutMs) {
      // No ContentEncoding: it says how an object is sent, and clients would unpack what is named `.gz`.
      const put = new PutObjectCommand({
        Bucket: bucket,
        Key: `${folder}${key}`,
        Body: body,
        ContentType: 'application/gzip',
      })
      const abortSignal = AbortSignal.timeout(Math.min(timeoutMs, MAX_TIMEOUT_MS))
      try {
        await client.send(put, { abortSignal })
      } catch (error) {
        const { name, message } = error as Error
        throw new Error(`s3: ${abortSignal.aborted ? `not within ${timeoutMs} ms` : `${name}: ${message}`}`, {
          cause: error,
        })
      }
    },
  }
}
