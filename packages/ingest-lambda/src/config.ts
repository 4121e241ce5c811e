import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import type { Quarantine } from '@viewbeat/schema'
import { type Aws, createAws } from './aws/createAws.ts'
import type { Put } from './aws/putInCalls.ts'
import type { DrainDependencies } from './createDrain.ts'
import type { IngestDependencies } from './createHandler.ts'
import { ConfigurationError } from './errors.ts'
import { createKeySource } from './keys/createKeySource.ts'
import { readKeyBook } from './keys/keyBook.ts'
import { powertoolsDrainObserver } from './observe/powertoolsDrainObserver.ts'
import { powertoolsObserver } from './observe/powertoolsObserver.ts'
import { firehoseQuarantine } from './quarantine/firehoseQuarantine.ts'
import { folderQuarantine } from './quarantine/folderQuarantine.ts'
import type { OutgoingRecord } from './records/toRecord.ts'
import { createSpill } from './spill/createSpill.ts'
import { folderObjects } from './spill/folderObjects.ts'
import type { SpillObjects } from './spill/objects.ts'
import { s3Objects } from './spill/s3Objects.ts'
import { kinesisPutRecords, PUT_RECORDS_LIMITS } from './stream/kinesisPutRecords.ts'

type Environment = Readonly<Record<string, string | undefined>>

const KEYS_EXPECTED =
  'expected ssm:/parameter, s3://bucket/key, file:/path, or JSON such as {"pk_demo":{"publisher":"demo","origins":["*"]}}'
const QUARANTINE_EXPECTED = 'expected firehose:delivery-stream or file:/folder'
const SPILL_EXPECTED = 'expected s3://bucket/prefix or file:/folder'

const AWS_TIMEOUT_MS = 2000

const required = (env: Environment, variable: string, expected: string): string => {
  const value = env[variable]
  if (!value) throw new ConfigurationError(variable, `not set; ${expected}`)
  return value
}

const positive = (env: Environment, variable: string, otherwise: number): number => {
  const value = Number(env[variable] || otherwise)
  if (!(value > 0))
    throw new ConfigurationError(variable, `expected a positive number, got "${env[variable]}"`)
  return value
}

/** `s3://bucket/a/key`, `file:/a/path`, `ssm:/name`, `firehose:name`; undefined for anything else. */
const readPlace = (text: string) => {
  const found = /^(s3:\/\/|file:|ssm:|firehose:)(.+)$/s.exec(text)
  if (!found) return undefined
  const [, scheme, rest] = found as unknown as [string, string, string]
  const [bucket, ...key] = rest.split('/')
  return { kind: scheme.replace(/:.*/, ''), rest, bucket: bucket!, key: key.join('/') }
}

const parseKeys = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new ConfigurationError('VIEWBEAT_KEYS', 'not JSON', cause)
  }
}

/** Keys that are at hand are checked at the start; a document of AWS is read with the first request. */
const checkKeys = (text: string) => {
  const read = readKeyBook(parseKeys(text))
  if (!read) throw new ConfigurationError('VIEWBEAT_KEYS', KEYS_EXPECTED)
  if (read.faults.length > 0) throw new ConfigurationError('VIEWBEAT_KEYS', read.faults.join('; '))
}

const readFileNow = (file: string) => {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    throw new ConfigurationError('VIEWBEAT_KEYS', `${file} cannot be read`, cause)
  }
}

const keysLoader = (env: Environment, aws: () => Aws): (() => Promise<unknown>) => {
  const text = required(env, 'VIEWBEAT_KEYS', KEYS_EXPECTED)
  if (text.startsWith('{')) {
    checkKeys(text)
    return async () => parseKeys(text)
  }
  const place = readPlace(text)
  if (place?.kind === 'file') {
    checkKeys(readFileNow(place.rest))
    return async () => parseKeys(await readFile(place.rest, 'utf8'))
  }
  if (place?.kind === 's3' && place.key) {
    const { s3 } = aws()
    return async () => (await s3('GET', place, { timeout_ms: AWS_TIMEOUT_MS })).json()
  }
  if (place?.kind === 'ssm') {
    const { call } = aws()
    const input = JSON.stringify({ Name: place.rest, WithDecryption: true })
    return async () => {
      const found = await call<{ Parameter: { Value: string } }>(
        'ssm',
        'AmazonSSM.GetParameter',
        input,
        AWS_TIMEOUT_MS,
      )
      return parseKeys(found.Parameter.Value)
    }
  }
  throw new ConfigurationError('VIEWBEAT_KEYS', KEYS_EXPECTED)
}

const readQuarantine = (env: Environment, aws: () => Aws): Quarantine => {
  const place = readPlace(required(env, 'VIEWBEAT_QUARANTINE', QUARANTINE_EXPECTED))
  if (place?.kind === 'firehose') return firehoseQuarantine(aws(), place.rest)
  if (place?.kind === 'file') return folderQuarantine(place.rest)
  throw new ConfigurationError('VIEWBEAT_QUARANTINE', QUARANTINE_EXPECTED)
}

const readSpill = (env: Environment, aws: () => Aws): SpillObjects | undefined => {
  if (!env.VIEWBEAT_SPILL) return undefined
  const place = readPlace(env.VIEWBEAT_SPILL)
  if (place?.kind === 's3' && place.key) return s3Objects(aws(), place.bucket, place.key.replace(/\/?$/, '/'))
  if (place?.kind === 'file') return folderObjects(place.rest)
  throw new ConfigurationError('VIEWBEAT_SPILL', SPILL_EXPECTED)
}

const readPutRecords = (env: Environment, aws: () => Aws): Put<OutgoingRecord> => {
  const stream = required(env, 'VIEWBEAT_STREAM', 'expected the name of the Kinesis stream')
  const limits = {
    items: positive(env, 'VIEWBEAT_PUT_MAX_RECORDS', PUT_RECORDS_LIMITS.items),
    bytes: positive(env, 'VIEWBEAT_PUT_MAX_BYTES', PUT_RECORDS_LIMITS.bytes),
  }
  return kinesisPutRecords(aws(), stream, { limits })
}

const clientOf = (env: Environment) => {
  let client: Aws | undefined
  return () => {
    client ??= createAws(env)
    return client
  }
}

/** Builds the ingest's dependencies from the environment. Throws `ConfigurationError`, naming the variable. */
export const readConfig = (env: Environment): IngestDependencies => {
  const aws = clientOf(env)
  const putRecords = readPutRecords(env, aws)
  const observer = powertoolsObserver(Date.now)
  const spillObjects = readSpill(env, aws)
  return {
    keys: createKeySource({
      load: keysLoader(env, aws),
      refresh_ms: positive(env, 'VIEWBEAT_KEYS_REFRESH_S', 60) * 1000,
      now: Date.now,
      onTrouble: observer.keysInTrouble,
    }),
    quarantine: readQuarantine(env, aws),
    putRecords,
    spill: spillObjects && createSpill(spillObjects, Date.now),
    observer,
    now: Date.now,
    ipHeader: env.VIEWBEAT_IP_HEADER?.toLowerCase(),
  }
}

/** Builds what draining the spill needs from the environment. Throws `ConfigurationError`, naming the variable. */
export const readDrainConfig = (env: Environment): DrainDependencies => {
  const aws = clientOf(env)
  const putRecords = readPutRecords(env, aws)
  const objects = readSpill(env, aws)
  if (!objects) throw new ConfigurationError('VIEWBEAT_SPILL', `not set; ${SPILL_EXPECTED}`)
  return {
    objects,
    putRecords,
    quarantine: readQuarantine(env, aws),
    observe: powertoolsDrainObserver(),
    now: Date.now,
  }
}
