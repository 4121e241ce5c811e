import { type Batch, lose } from '../batch.ts'
import { attempt } from '../safely.ts'

/** Most bytes one page keeps, so that it cannot hurt the site, which has 5 MB; and less where there is less room. */
const ROOMS = [64_000, 8000, 1000]

/** How long a page that says no more still owns what it stored, ms: longer than hidden pages' timers are held back. */
const LEASE_MS = 120_000

/** How long the lock on the storage is held after use, ms: until other processes have heard of what changed. */
const SETTLE_MS = 300

/**
 * Keeps what nobody has answered for in `localStorage`, one entry a page, and finds what pages left there that are gone.
 * Each entry has a lease, renewed whenever it is written, so that no page takes what another is still sending.
 * A storage that is full, forbidden or missing keeps nothing and does no harm.
 */
export const createStore = (url: string, page: string, epoch: () => number) => {
  const prefix = `viewbeat ${url} `
  const own = prefix + page

  const orphans = () =>
    Object.keys(localStorage).flatMap((key) => {
      const [until, batches] =
        key.startsWith(prefix) && key !== own ? JSON.parse(localStorage[key]) : [Number.POSITIVE_INFINITY]
      return until < epoch() ? [{ key, batches: batches as Batch[] }] : []
    })

  return {
    /**
     * Writes what is to be kept in place of what was: the newest that there is room for. What is left out is reported in
     * what is kept, for the case that the page does not live to deliver it. `ends`: the page goes, and with it the lease.
     */
    save(batches: Batch[], ends?: boolean) {
      const write = (room: number) => {
        const kept: Batch[] = []
        const left: Record<string, number> = {}
        for (const batch of [...batches].reverse()) {
          room -= batch.bytes
          if (room > 0) kept.unshift(Object.assign({}, batch, { lost: Object.assign({}, batch.lost) }))
          else left[batch.view] = (left[batch.view] || 0) + batch.events.length
        }
        for (const batch of kept) lose(batch, 'storage_full', left[batch.view] || 0)
        localStorage[own] = JSON.stringify([ends ? 0 : epoch() + LEASE_MS, kept])
        return kept.length
      }
      if (batches.length) for (const room of ROOMS) if (attempt(() => write(room))) return
      attempt(() => localStorage.removeItem(own))
    },
    /** Gives over what pages left that are gone. Under a lock where there is one, so that it goes to one page only. */
    adopt(take: (batches: Batch[]) => void) {
      const move = () => {
        attempt(() => {
          for (const { key, batches } of orphans()) {
            take(batches)
            localStorage.removeItem(key)
          }
        })
        return new Promise((done) => setTimeout(done, SETTLE_MS))
      }
      if (attempt(() => orphans().length))
        attempt(() => (navigator.locks ? navigator.locks.request(prefix, move) : move()))
    },
    /** Forgets all that any page of this origin stored. */
    clear: () =>
      attempt(() => {
        for (const key of Object.keys(localStorage)) if (key.startsWith(prefix)) localStorage.removeItem(key)
      }),
  }
}

/** Where a page keeps what is not answered for. */
export type Store = ReturnType<typeof createStore>
