import { ConfigurationError } from '@viewbeat/ingest-lambda/quarantine'
import type { Quarantine } from '@viewbeat/schema'
import { type Environment, readPlace, readQuarantine, required } from '../consume/config.ts'
import type { SinkObserver } from '../consume/observer.ts'
import { powertoolsSinkObserver } from '../consume/powertoolsSinkObserver.ts'
import { folderStore } from './folderStore.ts'
import type { ObjectStore } from './objectStore.ts'
import { createS3Client, s3Store } from './s3Store.ts'

const EXPECTED = 'expected s3://bucket, s3://bucket/prefix or file:/folder'

const readObjects = (env: Environment): ObjectStore => {
  const place = readPlace(required(env, 'VIEWBEAT_ARCHIVE', EXPECTED))
  if (place?.kind === 's3') return s3Store(place.bucket, place.prefix, createS3Client(env))
  if (place?.kind === 'file') return folderStore(place.folder)
  throw new ConfigurationError('VIEWBEAT_ARCHIVE', EXPECTED)
}

/**
 * Builds what the archive needs from VIEWBEAT_ARCHIVE and VIEWBEAT_QUARANTINE. Throws `ConfigurationError`, naming the
 * variable.
 */
export const readArchiveConfig = (
  env: Environment,
): { objects: ObjectStore; quarantine: Quarantine; observer: SinkObserver } => ({
  objects: readObjects(env),
  quarantine: readQuarantine(env),
  observer: powertoolsSinkObserver('viewbeat-archive'),
})
