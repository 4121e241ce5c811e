import { existsSync } from 'node:fs'
import { UsageError } from '@viewbeat/ingest-lambda/cli'
import type { Archive } from './archive.ts'
import { folderArchive } from './folderArchive.ts'
import { s3Archive } from './s3Archive.ts'

/** Finds the archive that `s3://bucket/prefix`, `file:/folder` or a path names. Throws `UsageError` when there is none. */
export const openArchive = (where: string): Archive => {
  const [, bucket, prefix = ''] = /^s3:\/\/([^/]+)\/?(.*)$/.exec(where) ?? []
  if (bucket !== undefined) return s3Archive(bucket, prefix === '' ? '' : prefix.replace(/\/?$/, '/'))
  const folder = where.replace(/^file:(\/\/)?/, '')
  if (!existsSync(folder)) throw new UsageError(`--archive ${where}: no such folder`)
  return folderArchive(folder)
}
