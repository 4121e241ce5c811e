import type { EventRejection, QuarantineEntry, Rejection } from '@viewbeat/schema'

/** An event that was refused, and why. */
export interface RefusedEvent {
  event: unknown
  rejection: Rejection
}

/** A batch with those of its events that were refused; the others landed when it came. */
export interface RefusedBatch {
  header: Record<string, unknown>
  events: RefusedEvent[]
}

/** Whether it names one event, and not the whole batch. */
export const isOfEvent = (rejection: Rejection): rejection is EventRejection =>
  Number.isSafeInteger((rejection as Partial<EventRejection>).index)

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Pairs the events of a batch that an entry kept with the reasons for which they were refused. */
export const toRefused = (
  { rejections, batch: cut }: QuarantineEntry,
  batch: unknown,
): RefusedBatch | undefined => {
  if (!isObject(batch)) return undefined
  const { events, ...header } = batch
  const all: unknown[] = Array.isArray(events) ? events : []
  const ofEvents = rejections.filter(isOfEvent)
  if (ofEvents.length === 0)
    return { header, events: all.map((event) => ({ event, rejection: rejections[0]! })) }
  // A batch that was cut down holds the refused events one after another, with or without a reason for each of them;
  // bytes hold all events, each in its place.
  const refused =
    cut === undefined
      ? ofEvents.map((rejection) => ({ event: all[rejection.index], rejection }))
      : all.map((event, place) => ({ event, rejection: ofEvents[place] ?? ofEvents.at(-1)! }))
  return { header, events: refused.filter(({ event }) => event !== undefined) }
}
