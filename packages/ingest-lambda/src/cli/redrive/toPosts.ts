import {
  MAX_BODY_BYTES,
  type PlayerEvent,
  parseBatch,
  type QuarantineEntry,
  type Rejection,
} from '@viewbeat/schema'
import { readPayload } from '../payload/readPayload.ts'
import { toRefused } from '../payload/toRefused.ts'
import type { Identities, Ledger } from './openLedger.ts'

/** A body to be sent, and the events in it, in their order. */
export interface Post extends Identities {
  body: string
}

/** Events that are not sent, and why. Of bytes that nobody can read, none are counted. */
export interface Left {
  code: string
  path: string
  message: string
  events: number
}

/** What is to be done with an entry. */
export interface Plan {
  posts: Post[]
  left: Left[]
  /** Events of it that landed by an earlier run, or are sent by this one for another entry. */
  landed: number
}

const toLeft = ({ code, path, message }: Rejection, events: number): Left => ({ code, path, message, events })

/** Cuts events into bodies that the ingest takes; what is too large by itself comes back in `tooLarge`. */
const toBodies = (
  header: Record<string, unknown>,
  events: PlayerEvent[],
): { bodies: { body: string; events: PlayerEvent[] }[]; tooLarge: number } => {
  if (events.length === 0) return { bodies: [], tooLarge: 0 }
  const body = JSON.stringify({ ...header, events })
  if (Buffer.byteLength(body) <= MAX_BODY_BYTES) return { bodies: [{ body, events }], tooLarge: 0 }
  if (events.length === 1) return { bodies: [], tooLarge: 1 }
  const middle = Math.ceil(events.length / 2)
  const halves = [events.slice(0, middle), events.slice(middle)].map((half) => toBodies(header, half))
  return {
    bodies: halves.flatMap(({ bodies }) => bodies),
    tooLarge: halves.reduce((sum, half) => sum + half.tooLarge, 0),
  }
}

/**
 * Plans an entry: only what today's contract takes is sent, because the ingest would put the rest into quarantine once
 * more, and only what has not landed yet.
 */
export const toPosts = (
  entry: QuarantineEntry,
  ledger: Pick<Ledger, 'hasLanded' | 'begin'>,
  isWantedCode: (code: string) => boolean,
): Plan => {
  const plan: Plan = { posts: [], left: [], landed: 0 }
  const payload = readPayload(entry)
  const publisher = entry.publisher ?? payload.publisher
  if (payload.batches.length === 0) {
    const { code, path, message } = entry.rejections[0]!
    plan.left.push({ code, path, message, events: entry.seqs?.length ?? 0 })
  }
  for (const batch of payload.batches) {
    const refused = toRefused(entry, batch)
    if (!refused) {
      plan.left.push(toLeft(entry.rejections[0]!, 0))
      continue
    }
    const { header } = refused
    const candidates = refused.events.filter(({ rejection }) => isWantedCode(rejection.code))
    // Apart from the event that holds its number it would pass, and stores would drop one of the two.
    const clashing = candidates.filter(({ rejection }) => rejection.code === 'duplicate_seq')
    for (const { rejection } of clashing) plan.left.push(toLeft(rejection, 1))
    const events = candidates.filter((event) => !clashing.includes(event)).map(({ event }) => event)
    if (events.length === 0) {
      if (refused.events.length === 0) plan.left.push(toLeft(entry.rejections[0]!, 0))
      continue
    }
    const parsed = parseBatch({ ...header, events })
    if (!parsed.ok) {
      plan.left.push(toLeft(parsed.rejection, events.length))
      continue
    }
    for (const rejection of parsed.rejected) plan.left.push(toLeft(rejection, 1))
    const bad = new Set(parsed.rejected.map(({ index }) => index))
    const { view_id } = parsed.batch
    // As they came, not as they were brought to the newest version: that is the ingest's to do.
    const good = (events as PlayerEvent[]).filter((_, index) => !bad.has(index))
    const fresh = good.filter(
      ({ seq }) =>
        !ledger.hasLanded({ publisher, view_id }, seq) && ledger.begin({ publisher, view_id }, seq),
    )
    plan.landed += good.length - fresh.length
    const { upcast_from: _, ...rest } = header
    const { bodies, tooLarge } = toBodies(rest, fresh)
    for (const { body, events } of bodies)
      plan.posts.push({ publisher, view_id, seqs: events.map(({ seq }) => seq), body })
    if (tooLarge > 0)
      plan.left.push({
        code: 'too_big',
        path: '/events/*',
        message: 'Larger than a body may be',
        events: tooLarge,
      })
  }
  return plan
}
