import { setTimeout as sleep } from 'node:timers/promises'
import type { ViewAccount } from './createAccount.ts'

/** What the local pipeline has of the views. */
export interface Stored {
  views: number
  events: number
  quarantined: number
  /** Views of which it does not have what the ingest said it took: as accepted, and as stored. */
  differing: { viewId: string; accepted: number; stored: number; rejected: number; quarantined: number }[]
}

interface Found {
  accounting: { delivered: number; quarantined: number }
}

/** How many views are asked for at once. */
const AT_ONCE = 8

/**
 * Asks the local pipeline for each view, again and again while it is still storing: sinks come after the answer. Ends when
 * all is there, or nothing more has come for `patienceMs`.
 */
export const checkStored = async (
  target: URL,
  views: readonly ViewAccount[],
  patienceMs: number,
): Promise<Stored> => {
  const found = new Map<string, Found['accounting']>()
  const isWhole = ({ viewId, accepted, rejected }: ViewAccount) => {
    const has = found.get(viewId)
    return (has?.delivered ?? 0) === accepted && (has?.quarantined ?? 0) === rejected
  }
  const ask = async ({ viewId }: ViewAccount) => {
    const answer = await fetch(new URL(`/api/views/${viewId}`, target))
    if (answer.ok) found.set(viewId, ((await answer.json()) as Found).accounting)
    else await answer.arrayBuffer()
  }
  const sum = (of: (accounting: Found['accounting']) => number) =>
    [...found.values()].reduce((total, accounting) => total + of(accounting), 0)

  let open = [...views]
  let before = -1
  let changedAt = performance.now()
  for (;;) {
    const queue = [...open]
    const askAll = async () => {
      for (let view = queue.pop(); view; view = queue.pop()) await ask(view)
    }
    await Promise.all(Array.from({ length: AT_ONCE }, askAll))
    open = open.filter((view) => !isWhole(view))
    const now = sum(({ delivered, quarantined }) => delivered + quarantined)
    if (now !== before) changedAt = performance.now()
    before = now
    if (open.length === 0 || performance.now() - changedAt > patienceMs) break
    await sleep(500)
  }
  return {
    views: found.size,
    events: sum(({ delivered }) => delivered),
    quarantined: sum(({ quarantined }) => quarantined),
    differing: open.map(({ viewId, accepted, rejected }) => ({
      viewId,
      accepted,
      rejected,
      stored: found.get(viewId)?.delivered ?? 0,
      quarantined: found.get(viewId)?.quarantined ?? 0,
    })),
  }
}
