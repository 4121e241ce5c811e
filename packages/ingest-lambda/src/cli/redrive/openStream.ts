import { createAws } from '../../aws/createAws.ts'
import type { Put } from '../../aws/putInCalls.ts'
import type { OutgoingRecord } from '../../records/toRecord.ts'
import { kinesisPutRecords } from '../../stream/kinesisPutRecords.ts'

/**
 * A stream, asked with whatever credentials the S3 client finds: a profile, a role, a session. They are looked up for
 * each call, because a run may outlast them.
 */
export const openStream = async (name: string): Promise<Put<OutgoingRecord>> => {
  const { S3Client } = await import('@aws-sdk/client-s3')
  const { config } = new S3Client({})
  return async (records, deadline) => {
    const [region, credentials] = await Promise.all([config.region(), config.credentials()])
    const aws = createAws({
      ...process.env,
      AWS_REGION: region,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      AWS_SESSION_TOKEN: credentials.sessionToken,
    })
    return kinesisPutRecords(aws, name)(records, deadline)
  }
}
