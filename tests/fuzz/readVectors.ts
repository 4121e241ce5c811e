import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** What the mutations begin with. */
export interface Vectors {
  /** Batches as JSON texts. */
  valid: readonly string[]
  invalid: readonly string[]
  /** Lines of CMCD, as players sent them. */
  cmcd: readonly string[]
}

const readJson = (...path: string[]) => JSON.parse(readFileSync(join(...path), 'utf8'))

/** Reads the published vectors from their folder. */
export const readVectors = (folder: string): Vectors => {
  const versions = readdirSync(folder).filter((name) => /^\d/.test(name))
  const valid = versions.flatMap((version) =>
    readdirSync(join(folder, version, 'valid')).map((name) => readJson(folder, version, 'valid', name)),
  )
  const invalid = versions.flatMap((version) =>
    (readJson(folder, version, 'invalid.json') as { batch: unknown }[]).map(({ batch }) => batch),
  )
  const toTexts = (batches: unknown[]) => batches.map((batch) => JSON.stringify(batch))
  const cmcd = readdirSync(join(folder, 'cmcd')).flatMap((name) => {
    const file = readJson(folder, 'cmcd', name) as { requests: { body: string }[] } | { body: string }[]
    return (Array.isArray(file) ? file : file.requests).flatMap(({ body }) => body.trim().split('\n'))
  })
  return { valid: toTexts(valid), invalid: toTexts(invalid), cmcd }
}
