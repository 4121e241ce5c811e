/** What the names of the indices of events begin with; the day follows. */
export const EVENT_INDEX_PREFIX = 'viewbeat-events-'

/** The index of view records. */
export const VIEW_INDEX = 'viewbeat-views'

const DAY_MS = 86_400_000

/** A page keeps for a week what it could not send. */
const OLDEST_MS = 9 * DAY_MS

/** Clocks of devices may be ahead. */
const AHEAD_MS = DAY_MS

/**
 * The index of an event: by the day it happened, because each of its copies says the same. The day it was received would not
 * do: a page that got no answer sends a batch again, and after midnight it would be stored a second time. Only where the
 * device's clock cannot be right by `received_at`, that one's day counts. Throws a `RangeError` where that is no time.
 */
export const eventIndexOf = ({ ts, received_at }: { ts: number; received_at: number }): string => {
  const isPlausible = ts >= received_at - OLDEST_MS && ts <= received_at + AHEAD_MS
  const day = new Date(isPlausible ? ts : received_at).toISOString().slice(0, 10)
  return `${EVENT_INDEX_PREFIX}${day.replaceAll('-', '.')}`
}
