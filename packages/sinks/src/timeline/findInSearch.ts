import { foldView, mergeViews } from '@viewbeat/qoe'
import type { SearchIndex } from '../search/searchIndex.ts'
import type { FindView } from './found.ts'

/** How long a question may take, ms. */
const TIMEOUT_MS = 10_000

/**
 * Asks a search index for a view. Both are there as soon as they are written: the view's record is read by its id, and what
 * searches would find a second later is refreshed before its events are. What was refused is not kept there.
 */
export const findInSearch =
  (index: Pick<SearchIndex, 'eventsOf' | 'viewsOf'>): FindView =>
  async (viewId) => {
    // The record first: its events were written before it, so that none of them seems missing.
    const [stored] = await index.viewsOf([viewId], TIMEOUT_MS)
    const events = await index.eventsOf([viewId], TIMEOUT_MS)
    const counted = foldView(events)
    // They may be newer than the record by now, and say together what it will say.
    const view = stored && counted ? mergeViews(stored, counted) : (stored ?? counted)
    return view && { view, events }
  }
