import {
  ConfigurationError,
  createAws,
  firehoseQuarantine,
  folderQuarantine,
} from '@viewbeat/ingest-lambda/quarantine'
import type { Quarantine } from '@viewbeat/schema'

/** Variables by name, as `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>

/** A place by its address. */
export type Place =
  | { kind: 's3'; bucket: string; prefix: string }
  | { kind: 'file'; folder: string }
  | { kind: 'firehose'; deliveryStream: string }

const QUARANTINE_EXPECTED = 'expected firehose:delivery-stream or file:/folder'
const SEARCH_EXPECTED = 'expected https://endpoint, or http://… for an engine on this machine'

/** The value of a variable that has to be set. Throws `ConfigurationError`, naming it. */
export const required = (env: Environment, variable: string, expected: string): string => {
  const value = env[variable]
  if (!value) throw new ConfigurationError(variable, `not set; ${expected}`)
  return value
}

/** Reads `s3://bucket/prefix`, `file:/folder`, `firehose:name`; undefined for anything else. */
export const readPlace = (text: string): Place | undefined => {
  const [, scheme, rest] = /^(s3:\/\/|file:|firehose:)(.+)$/s.exec(text) ?? []
  if (!rest) return undefined
  if (scheme === 'file:') return { kind: 'file', folder: rest }
  if (scheme === 'firehose:') return { kind: 'firehose', deliveryStream: rest }
  const [bucket, ...prefix] = rest.split('/') as [string, ...string[]]
  return bucket ? { kind: 's3', bucket, prefix: prefix.join('/') } : undefined
}

/** Reads VIEWBEAT_QUARANTINE: where a sink keeps what it refuses. Throws `ConfigurationError`. */
export const readQuarantine = (env: Environment): Quarantine => {
  const place = readPlace(required(env, 'VIEWBEAT_QUARANTINE', QUARANTINE_EXPECTED))
  if (place?.kind === 'firehose') return firehoseQuarantine(createAws(env), place.deliveryStream)
  if (place?.kind === 'file') return folderQuarantine(place.folder)
  throw new ConfigurationError('VIEWBEAT_QUARANTINE', QUARANTINE_EXPECTED)
}

/**
 * Reads VIEWBEAT_SEARCH and VIEWBEAT_SEARCH_SERVICE: an OpenSearch endpoint, and what it is for AWS: `es`, a domain, or
 * `aoss`, serverless. Throws `ConfigurationError`.
 */
export const readSearchEndpoint = (env: Environment): { url: string; service: 'es' | 'aoss' } => {
  const url = required(env, 'VIEWBEAT_SEARCH', SEARCH_EXPECTED)
  if (!/^https?:$/.test(URL.canParse(url) ? new URL(url).protocol : ''))
    throw new ConfigurationError('VIEWBEAT_SEARCH', SEARCH_EXPECTED)
  const service = env.VIEWBEAT_SEARCH_SERVICE || 'es'
  if (service !== 'es' && service !== 'aoss')
    throw new ConfigurationError('VIEWBEAT_SEARCH_SERVICE', `expected es or aoss, got "${service}"`)
  return { url, service }
}
