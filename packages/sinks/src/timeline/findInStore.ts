import type { Store } from '../store/openStore.ts'
import type { FindView } from './found.ts'

/** Asks the embedded store for a view. */
export const findInStore =
  (store: Pick<Store, 'readView' | 'readRefused'>): FindView =>
  async (viewId) => {
    const stored = await store.readView(viewId)
    return stored && { ...stored, refused: await store.readRefused(viewId) }
  }
