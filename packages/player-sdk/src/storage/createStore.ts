import { type Batch, lose, withEvents } from '../batch.ts'
import { attempt } from '../safely.ts'

/** Most bytes one page keeps, so that it cannot hurt the site, which has 5 MB; and less where there is less room. */
const ROOMS = [48_000, 8000, 1000]

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

  /** What a page left that is gone; undefined while it is not. What cannot be read is nothing, and in nobody's way. */
  const orphan = (key: string) =>
    attempt(() => {
      const [until, batches] = JSON.parse(localStorage[key]) as [number, Batch[]]
      if (until >= epoch()) return
      return batches.map(({ at, view, head, events, lost }) =>
        withEvents({ at, view: `${view}`, head: `${head}`, events, lost: Object.assign({}, lost) }, [
          ...events,
        ]),
      )
    }, [])
  const entries = () => Object.keys(localStorage).filter((key) => key.startsWith(prefix))

  return {
    /**
     * Writes what is to be kept in place of what was: the newest that there is room for. What is left out is reported in
     * what is kept, for the case that the page does not live to deliver it. `ends`: the page goes, and with it the lease.
     */
    save(batches: Batch[], ends?: boolean) {
      const write = (room: number) => {
        const kept: Batch[] = []
        const left: Record<string, number> = Object.create(null)
        for (const batch of [...batches].reverse()) {
          // Of what has no room, its totals: they say what was lost and still give the view its right figures.
          const copy = batch.bytes < room ? batch : withEvents(batch, batch.events.slice(-1))
          room -= copy.bytes
          if (room > 0) kept.unshift(copy)
          const missing = batch.events.length - (room > 0 ? copy.events.length : 0)
          left[batch.view] = (left[batch.view] || 0) + missing
        }
        const told = kept.map((batch) => Object.assign({}, batch, { lost: Object.assign({}, batch.lost) }))
        for (const batch of told) lose(batch, 'storage_full', left[batch.view] || 0)
        localStorage[own] = JSON.stringify([ends ? 0 : epoch() + LEASE_MS, told])
        return kept.length
      }
      if (batches.length) for (const room of ROOMS) if (attempt(() => write(room))) return
      attempt(() => localStorage.removeItem(own))
    },
    /**
     * Gives over what one page left that is gone; of several the rest waits for the next time. Under a lock where there is
     * one, so that it goes to one page only. Where `take` throws it stays.
     */
    adopt(take: (batches: Batch[]) => void) {
      const find = () => entries().find((key) => key !== own && orphan(key))
      const move = () => {
        attempt(() => {
          const key = find()!
          take(orphan(key)!)
          localStorage.removeItem(key)
        })
        return new Promise<void>((done) => setTimeout(done, SETTLE_MS))
      }
      attempt(() => {
        if (!find()) return
        if (navigator.locks) navigator.locks.request(prefix, move).catch(() => {})
        else void move()
      })
    },
    /** Forgets all that any page of this origin stored. */
    clear: () =>
      attempt(() => {
        for (const key of entries()) localStorage.removeItem(key)
      }),
  }
}

/** Where a page keeps what is not answered for. */
export type Store = ReturnType<typeof createStore>
