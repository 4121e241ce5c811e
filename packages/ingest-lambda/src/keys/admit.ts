import type { KeyBook, KeyEntry } from './keyBook.ts'

/** A key that may send, or the answer when it may not. */
export type Admission =
  | { ok: true; entry: KeyEntry }
  | { ok: false; status: 403 | 410 | 503; message: string }

const refuse = (status: 403 | 410 | 503, message: string): Admission => ({ ok: false, status, message })

/** Whether a key may send from an origin; a sender without an origin is no browser. */
export const admit = (keys: KeyBook, key: string | undefined, origin: string | undefined): Admission => {
  const entry = key === undefined ? undefined : keys.get(key)
  if (!entry) return refuse(403, 'Unknown key: pass your public write key as ?key=pk_…')
  // Nobody meant to switch it off: the sender keeps what it has until the document is mended.
  if (entry === 'broken') return refuse(503, 'The settings of this key cannot be read')
  if (entry.state === 'gone') return refuse(410, 'Key switched off for good')
  if (entry.state === 'off') return refuse(403, 'Key switched off')
  if (origin !== undefined && !entry.allows(origin)) return refuse(403, 'Origin not allowed for this key')
  return { ok: true, entry }
}
