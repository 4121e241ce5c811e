import { readFile } from 'node:fs/promises'
import { UsageError } from '../output.ts'

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * Reads which key sends for which publisher: `{ "demo": "pk_demo" }`, or the ingest's own document of keys, of which the
 * first key of each publisher counts that is on. Throws `UsageError`.
 */
export const readKeys = async (file: string): Promise<ReadonlyMap<string, string>> => {
  const expected = `--keys ${file}: expected JSON such as {"demo":"pk_demo"}, or the ingest's document of keys`
  let document: unknown
  try {
    document = JSON.parse(await readFile(file, 'utf8'))
  } catch (error) {
    throw new UsageError(`${expected} (${(error as Error).message})`)
  }
  if (!isObject(document)) throw new UsageError(expected)
  const keys = new Map<string, string>()
  for (const [name, value] of Object.entries(document)) {
    if (typeof value === 'string') keys.set(name, value)
    else if (isObject(value) && typeof value.publisher === 'string') {
      if ((value.state ?? 'on') === 'on' && !keys.has(value.publisher)) keys.set(value.publisher, name)
    } else throw new UsageError(`${expected} (at "${name}")`)
  }
  return keys
}
