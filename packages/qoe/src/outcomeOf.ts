import type { Outcome, Totals, ViewRecord } from '@viewbeat/schema'
import { hasStarted } from './hasStarted.ts'

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
  return hasStarted(totals) ? 'quit' : 'exit_before_start'
}
