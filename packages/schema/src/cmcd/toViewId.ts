import { createHash } from 'node:crypto'

const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const ULID = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/
const UUID = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i

const toUlid = (bits: bigint): string => {
  let rest = bits
  let text = ''
  for (let digit = 0; digit < 26; digit++) {
    text = CROCKFORD[Number(rest & 31n)] + text
    rest >>= 5n
  }
  return text
}

/**
 * The view of a CMCD session, for any `sid`: a ULID (our own `view_id`) is itself, a UUID is the same 128 bits, and
 * anything else is the first 128 bits of its SHA-256. One session is one view, whichever body it comes in.
 */
export const toViewId = (sid: string): string => {
  if (ULID.test(sid)) return sid
  const hex = UUID.test(sid)
    ? sid.replaceAll('-', '')
    : createHash('sha256').update(sid).digest('hex').slice(0, 32)
  return toUlid(BigInt(`0x${hex}`))
}

/** When a session began, epoch ms, if its `sid` says so: a ULID or a UUID of version 7 does. */
export const beginOf = (sid: string): number | undefined => {
  if (ULID.test(sid))
    return [...sid.slice(0, 10)].reduce((ms, digit) => ms * 32 + CROCKFORD.indexOf(digit), 0)
  if (UUID.test(sid) && sid[14] === '7') return Number.parseInt(sid.replaceAll('-', '').slice(0, 12), 16)
  return undefined
}
