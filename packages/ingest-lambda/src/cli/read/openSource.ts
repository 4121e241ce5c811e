import { existsSync, statSync } from 'node:fs'
import { UsageError } from '../output.ts'
import { folderSource } from './folderSource.ts'
import { s3Source } from './s3Source.ts'
import type { QuarantineSource } from './source.ts'

/** The bucket and prefix of `s3://bucket/prefix`; undefined for a path. */
export const readS3Url = (where: string): { bucket: string; prefix: string } | undefined => {
  const [, bucket, prefix = ''] = /^s3:\/\/([^/]+)\/?(.*)$/.exec(where) ?? []
  return bucket === undefined ? undefined : { bucket, prefix }
}

/** Finds the quarantine that the command line names. Throws `UsageError` when there is none. */
export const openSource = (where: string): QuarantineSource => {
  const s3 = readS3Url(where)
  if (s3) return s3Source(s3.bucket, s3.prefix)
  if (/^[a-z0-9]+:\/\//i.test(where))
    throw new UsageError(`${where}: expected a folder or s3://bucket/prefix`)
  if (!existsSync(where) || !statSync(where).isDirectory()) throw new UsageError(`${where}: no such folder`)
  return folderSource(where)
}
