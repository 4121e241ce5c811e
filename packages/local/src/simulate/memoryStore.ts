import { carriesTotals, foldView, mergeViews } from '@viewbeat/qoe'
import type { FlatEvent, ViewRecord } from '@viewbeat/schema'
import type { Store } from '@viewbeat/sinks'

/** What can be read of a store in the end. */
export interface Readable {
  events(viewId: string): Promise<FlatEvent[]>
  view(viewId: string): Promise<ViewRecord | undefined>
}

/** The embedded store's writes in memory: as DuckDB does them, for seeds that must be quick. */
export const memoryStore = (): Pick<Store, 'write'> & Readable => {
  const events = new Map<string, Map<number, FlatEvent>>()
  const views = new Map<string, ViewRecord>()
  const open = (viewId: string) => {
    const known = events.get(viewId)
    if (known) return known
    const made = new Map<number, FlatEvent>()
    events.set(viewId, made)
    return made
  }
  return {
    async write(written) {
      const byView = new Map<string, FlatEvent[]>()
      for (const event of written) {
        byView.set(event.view_id, [...(byView.get(event.view_id) ?? []), event])
        const stored = open(event.view_id)
        if (!stored.has(event.seq)) stored.set(event.seq, event)
      }
      for (const [viewId, ofView] of byView) {
        const view = foldView(ofView.some(carriesTotals) ? ofView : open(viewId).values())!
        const before = views.get(viewId)
        // What is counted is counted from all that is stored; totals know more than any count.
        if (!before || before.basis === 'events') views.set(viewId, view)
        else if (view.basis === 'totals') views.set(viewId, mergeViews(before, view))
      }
    },
    events: async (viewId) => [...open(viewId).values()],
    view: async (viewId) => views.get(viewId),
  }
}
