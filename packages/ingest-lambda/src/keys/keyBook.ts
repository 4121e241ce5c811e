import * as z from 'zod'

/**
 * `*`, or an origin in which `*.` stands for any subdomain and `:*` for any port. One of each at most: more of them would
 * let a hostile origin take seconds to be told from it.
 */
const originPattern = z
  .string()
  .max(255)
  .regex(
    /^(\*|https?:\/\/(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)*(:(\d{1,5}|\*))?)$/i,
    'Expected * or an origin such as https://pub.example, https://*.pub.example or http://localhost:*',
  )

/** A publisher's write key: public, so it only names and limits. */
const entry = z.strictObject({
  publisher: z.string().min(1).max(64),
  /** Origins whose pages may send; `*` for any. */
  origins: z.array(originPattern).min(1).max(1000),
  /** `off`: refused for now. `gone`: switched off for good. */
  state: z.enum(['on', 'off', 'gone']).default('on'),
  /** The most events a second that one instance of the function takes; for a while five times that. */
  quota_events_per_s: z.number().positive().optional(),
  /** The share of views that is kept, whole views each. */
  sample_rate: z.number().gt(0).max(1).optional(),
})

const keyName = /^pk_[A-Za-z0-9_]{1,60}$/

/** All keys, by key, as they are written in the document. */
export const keysDocument = z.record(z.string().regex(keyName), entry)

/** All keys, by key, as they are written in the document. */
export type KeysDocument = z.input<typeof keysDocument>

/** A key as it is in force. */
export type KeyEntry = Omit<z.output<typeof entry>, 'origins'> & { allows: (origin: string) => boolean }

/** All keys in force. `broken`: named by the document, but in a way that cannot be read. */
export type KeyBook = ReadonlyMap<string, KeyEntry | 'broken'>

const toAllows = (origins: string[]) => {
  if (origins.includes('*')) return () => true
  const patterns = origins.map((origin) =>
    origin.replaceAll('.', '\\.').replace('//*', '//[a-z0-9.-]+').replace(':*', ':\\d{1,5}'),
  )
  const pattern = new RegExp(`^(?:${patterns.join('|')})$`, 'i')
  return (origin: string) => origin.length <= 255 && pattern.test(origin)
}

/**
 * Reads a document of keys, entry by entry. What is wrong with one is said in `faults` and leaves that key as it was in
 * `before`. Undefined when it is no document at all.
 */
export const readKeyBook = (
  document: unknown,
  before?: KeyBook,
): { keys: KeyBook; faults: string[] } | undefined => {
  if (typeof document !== 'object' || document === null || Array.isArray(document)) return undefined
  const faults: string[] = []
  const keys = new Map<string, KeyEntry | 'broken'>()
  for (const [key, value] of Object.entries(document)) {
    if (!keyName.test(key)) {
      faults.push(`${key}: expected a key such as pk_demo`)
      continue
    }
    const parsed = entry.safeParse(value)
    if (parsed.success) {
      const { origins, ...rest } = parsed.data
      keys.set(key, { ...rest, allows: toAllows(origins) })
    } else {
      for (const { path, message } of parsed.error.issues)
        faults.push(`${[key, ...path].join('.')}: ${message}`)
      keys.set(key, before?.get(key) ?? 'broken')
    }
  }
  return { keys, faults }
}
