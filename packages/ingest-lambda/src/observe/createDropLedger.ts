import type { Batch } from '@viewbeat/schema'
import type { RequestFacts } from './observer.ts'

type Lost = RequestFacts['dropped'][number]

/** How many views with losses are remembered. */
const VIEWS = 10_000

/** How many kinds of SDK are told apart: they are strangers' words, and each is a metric that costs money. */
const KINDS = 20

/** Why our SDK lets go of events. */
const REASONS = new Set([
  'queue_full',
  'too_large',
  'refused',
  'expired',
  'storage_full',
  'before_send',
  'consent',
])

const SDK = /^[a-z0-9-]{1,24}\/\d{1,3}\.\d{1,3}\.\d{1,3}$/

/**
 * What SDKs newly report as lost. Batches carry the view's sum so far, so what this instance has heard of the view before
 * is taken off. Instances do not know of each other: the sum of all is an upper bound, the views' records are exact.
 */
export const createDropLedger = () => {
  const heard = new Map<string, Record<string, number>>()
  const kinds = new Set<string>()

  const kindOf = ({ name, version }: Batch['sdk']) => {
    const kind = `${name}/${version}`
    if (kinds.has(kind)) return kind
    if (kinds.size >= KINDS || !SDK.test(kind)) return 'other'
    kinds.add(kind)
    return kind
  }

  return ({ view_id, sdk, dropped }: Pick<Batch, 'view_id' | 'sdk' | 'dropped'>): Lost[] => {
    if (!dropped) return []
    const losses = Object.entries(dropped).filter(([, events]) => events > 0)
    if (losses.length === 0) return []
    const before = new Map(Object.entries(heard.get(view_id) ?? {}))
    heard.delete(view_id)
    heard.set(view_id, dropped)
    if (heard.size > VIEWS) heard.delete(heard.keys().next().value!)
    return losses.flatMap(([reason, events]) => {
      const fresh = events - (before.get(reason) ?? 0)
      return fresh > 0
        ? [{ sdk: kindOf(sdk), reason: REASONS.has(reason) ? reason : 'other', events: fresh }]
        : []
    })
  }
}
