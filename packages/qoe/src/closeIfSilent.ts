import type { ViewRecord } from '@viewbeat/schema'

/**
 * How long an open view may be silent before it counts as over, ms. Ten times the longest heartbeat interval; a
 * browser gives no sure sign of leaving, so something has to end a view that just stops talking.
 */
export const SILENCE_MS = 5 * 60_000

/** The record with outcome `timeout` when it was still open and nothing came for too long; else as it is. */
export const closeIfSilent = (view: ViewRecord, now: number): ViewRecord =>
  view.outcome === 'open' && now - view.received_at > SILENCE_MS ? { ...view, outcome: 'timeout' } : view
