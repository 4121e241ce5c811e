import { setImmediate as settle } from 'node:timers/promises'
import { vi } from 'vitest'

/** Wall-clock time at which every trace begins. */
export const EPOCH = 1_790_000_000_000

interface Task {
  id: number
  due: number
  run: () => void
  isTimer: boolean
}

/**
 * Takes over the clocks and timers of the page, which stand still until they are told to move. `lateness` says by how
 * much the n-th timer is late, ms.
 */
export const pageTime = (lateness: (n: number) => number) => {
  let now = 0
  let tasks: Task[] = []
  let ids = 0
  let every = 0
  let isSuspended = false

  const add = (run: () => void, due: number, isTimer: boolean) => {
    const id = ++ids
    tasks.push({ id, due, run, isTimer })
    return id
  }
  const cancel = (id: number | undefined) => {
    tasks = tasks.filter((task) => task.id !== id)
  }
  vi.stubGlobal('setTimeout', (run: () => void, ms = 0) => add(run, now + ms + lateness(ids), true))
  vi.stubGlobal('clearTimeout', cancel)
  vi.spyOn(performance, 'now').mockImplementation(() => now)
  vi.spyOn(Date, 'now').mockImplementation(() => EPOCH + now)

  const dueOf = ({ due, isTimer }: Task) =>
    Math.max(now, isTimer && every > 0 ? Math.ceil(due / every) * every : due)
  const next = () => {
    let first: Task | undefined
    for (const task of tasks) if (!first || dueOf(task) < dueOf(first)) first = task
    return first
  }
  return {
    now: () => now,
    /** Calls at an exact time, as nothing that the page schedules is. */
    callAt: (due: number, run: () => void) => add(run, due, false),
    /** Calls as a timer of the browser does, late only where timers are throttled. */
    callBy: (due: number, run: () => void) => add(run, due, true),
    cancel,
    /** Timers come no more often than this, ms; 0: as they are due. */
    throttle(ms: number) {
      every = ms
    },
    /** The page does not run, while its clock goes on. */
    suspend(on: boolean) {
      isSuspended = on
    },
    /** Lets time pass until `end`, and what is due meanwhile happen. */
    async passTo(end: number) {
      await settle()
      for (let task = next(); !isSuspended && task && dueOf(task) <= end; task = next()) {
        now = dueOf(task)
        cancel(task.id)
        task.run()
        await settle()
      }
      now = Math.max(now, end)
    },
  }
}

/** The time of a replayed page. */
export type PageTime = ReturnType<typeof pageTime>
