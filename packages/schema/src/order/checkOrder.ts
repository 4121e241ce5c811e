import type { PlayerEvent } from '../events/index.ts'
import { orderRules } from './orderRules.ts'

/** An event that breaks a rule of `orderRules`. */
export interface OrderViolation {
  rule: string
  /** The event at which it shows. */
  seq: number
  /** What is wrong, in a phrase. */
  message: string
}

/**
 * Checks the order of a view's events, which may come in any order and repeat: copies count once. Where `seq` has a gap,
 * what the missing events may have opened or closed is left open, so that a loss is not also called a fault.
 */
export const checkOrder = (events: Iterable<PlayerEvent>): OrderViolation[] => {
  const bySeq = new Map([...events].map((event) => [event.seq, event]))
  const checks = orderRules.map(({ name, start }) => ({ rule: name, check: start() }))
  const violations: OrderViolation[] = []
  let expected = 0
  for (const event of [...bySeq.values()].sort((a, b) => a.seq - b.seq)) {
    for (const { rule, check } of checks) {
      const message = check(event, event.seq > expected)
      if (message) violations.push({ rule, seq: event.seq, message })
    }
    expected = event.seq + 1
  }
  return violations
}
