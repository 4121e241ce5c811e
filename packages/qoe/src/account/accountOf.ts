import type { FlatEvent } from '@viewbeat/schema'
import { type Compared, compareTotals, countTotals, totalsOf } from '@viewbeat/schema/view'
import type { DefinitionSet } from '../definitions/definitionSet.ts'
import type { Metric } from '../definitions/metric.ts'
import { evaluate } from '../evaluate.ts'
import { carriesTotals, foldCounted, foldView } from '../foldView.ts'

/** A metric as totals give it, as events give it, and what lies between; null where one side cannot tell. */
export interface ComparedMetric {
  name: string
  said: number | null
  counted: number | null
  gap: number | null
}

/** A view twice: by what its producer has added up, and by what its events add up to. */
export interface Account {
  view_id: string
  /** The event whose totals are held against the events up to it. */
  seq: number
  /** Distinct events up to it. */
  events: number
  /** Events up to it that never came, by `seq`: as long as there are any, believe the totals. */
  missing: number
  quantities: Compared[]
  metrics: ComparedMetric[]
}

/**
 * Accounts for a view by its newest totals and by its events up to them, each quantity and each metric of a definition
 * set. Events of one view come in any order, and duplicates count once. Undefined where no event carries totals.
 */
export const accountOf = (events: Iterable<FlatEvent>, { metrics }: DefinitionSet): Account | undefined => {
  const all = [...events]
  const said = foldView(all.filter(carriesTotals))
  if (!said) return undefined
  const { view_id, seq } = said
  const upTo = all.filter((event) => event.seq <= seq)
  const counted = foldCounted(upTo)!
  const last = upTo.find((event) => event.seq === seq && carriesTotals(event))!
  const distinct = new Set(upTo.map((event) => event.seq)).size
  return {
    view_id,
    seq,
    events: distinct,
    missing: seq + 1 - distinct,
    quantities: compareTotals(totalsOf(last)!, countTotals(upTo), last.upcast_from ?? last.spec),
    metrics: Object.entries(metrics as Record<string, Metric>)
      .map(([name, metric]) => {
        const [told, found] = [evaluate(metric, said), evaluate(metric, counted)]
        return {
          name,
          said: told,
          counted: found,
          gap: told === null || found === null ? null : told - found,
        }
      })
      .filter((compared) => compared.said !== null || compared.counted !== null),
  }
}
