import { z } from 'zod'

/** A publisher's write key: public, so it only names and limits. */
const entry = z.strictObject({
  publisher: z.string().min(1).max(64),
  /** Origins whose pages may send; `*` for any. */
  origins: z.array(z.string().min(1)).min(1),
  /** `off`: refused for now. `gone`: switched off for good. */
  state: z.enum(['on', 'off', 'gone']).default('on'),
})

/** All keys, by key. */
export const keyBook = z.record(z.string().regex(/^pk_[A-Za-z0-9_]{1,60}$/), entry)

/** All keys, by key. */
export type KeyBook = z.infer<typeof keyBook>

/** Whether a key may send from an origin, and for which publisher; a sender without an origin is no browser. */
export const admit = (
  keys: KeyBook,
  key: string | undefined,
  origin: string | undefined,
): { ok: true; publisher: string } | { ok: false; status: 403 | 410; message: string } => {
  const found = key !== undefined && Object.hasOwn(keys, key) ? keys[key] : undefined
  if (!found)
    return { ok: false, status: 403, message: 'Unknown key: pass your public write key as ?key=pk_…' }
  if (found.state === 'gone') return { ok: false, status: 410, message: 'Key switched off for good' }
  if (found.state === 'off') return { ok: false, status: 403, message: 'Key switched off' }
  if (origin !== undefined && !found.origins.includes('*') && !found.origins.includes(origin))
    return { ok: false, status: 403, message: 'Origin not allowed for this key' }
  return { ok: true, publisher: found.publisher }
}
