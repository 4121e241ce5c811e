import type { Outcome, Totals, ViewRecord } from '@viewbeat/schema'

/** How a view came out, by the state and the totals of its newest event and the reason it closed, if it did. */
export const outcomeOf = (
  state: ViewRecord['state'],
  totals: Totals,
  endReason: ViewRecord['end_reason'],
): Outcome => {
  if (state === 'failed' || endReason === 'failed') return 'failed'
  if (state === 'ended' || endReason === 'ended') return 'ended'
  if (endReason === 'timeout') return 'timeout'
  if (endReason === undefined && state !== 'quit') return 'open'
  const started = totals.startup_ms !== undefined || (totals.playing_ms ?? 0) > 0
  return started ? 'quit' : 'exit_before_start'
}
