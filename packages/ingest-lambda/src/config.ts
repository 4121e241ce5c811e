import { FirehoseClient } from '@aws-sdk/client-firehose'
import { KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis'
import { NodeHttpHandler } from '@smithy/node-http-handler'
import { z } from 'zod'
import type { IngestDependencies } from './createHandler.ts'
import { ConfigurationError } from './errors.ts'
import { keyBook } from './keys/keyBook.ts'
import { firehoseQuarantine } from './quarantine/firehoseQuarantine.ts'
import { folderQuarantine } from './quarantine/folderQuarantine.ts'
import { createPutRecords } from './stream/putRecords.ts'

type Environment = Readonly<Record<string, string | undefined>>

const required = (env: Environment, variable: string, what: string): string => {
  const value = env[variable]
  if (!value) throw new ConfigurationError(variable, `not set; expected ${what}`)
  return value
}

const readKeys = (env: Environment) => {
  const text = required(env, 'VIEWBEAT_KEYS', 'JSON such as {"pk_demo":{"publisher":"demo","origins":["*"]}}')
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw new ConfigurationError('VIEWBEAT_KEYS', 'not JSON', cause)
  }
  const parsed = keyBook.safeParse(value)
  if (!parsed.success) throw new ConfigurationError('VIEWBEAT_KEYS', z.prettifyError(parsed.error))
  return parsed.data
}

const readQuarantine = (env: Environment) => {
  if (env.VIEWBEAT_QUARANTINE_FIREHOSE)
    return firehoseQuarantine(new FirehoseClient({}), env.VIEWBEAT_QUARANTINE_FIREHOSE)
  return folderQuarantine(
    required(
      env,
      'VIEWBEAT_QUARANTINE_DIR',
      'a folder, or VIEWBEAT_QUARANTINE_FIREHOSE with a delivery stream',
    ),
  )
}

/** A call that hangs must fail while there is time to try again: API Gateway waits 30 s. */
const TIMEOUTS = { connectionTimeout: 1000, requestTimeout: 5000, throwOnRequestTimeout: true }

/**
 * Writes to a Kinesis stream. Where it is, is the AWS client's own configuration: AWS_REGION,
 * AWS_ENDPOINT_URL_KINESIS and so on.
 */
export const kinesisPutRecords = (
  streamName: string,
  // HTTP/1.1, because HTTP/2 needs TLS and the local stream has none.
  client = new KinesisClient({ requestHandler: new NodeHttpHandler(TIMEOUTS) }),
) =>
  createPutRecords({
    call: (records) =>
      client.send(
        new PutRecordsCommand({
          StreamName: streamName,
          Records: records.map(({ partitionKey, data }) => ({ PartitionKey: partitionKey, Data: data })),
        }),
      ),
  })

/** Builds the ingest's dependencies from the environment. Throws `ConfigurationError`, naming the variable. */
export const readConfig = (env: Environment): IngestDependencies => ({
  keys: readKeys(env),
  putRecords: kinesisPutRecords(required(env, 'VIEWBEAT_STREAM', 'the name of the Kinesis stream')),
  quarantine: readQuarantine(env),
  now: Date.now,
  log: (entry) => console.log(JSON.stringify(entry)),
})
