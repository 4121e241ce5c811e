import { setImmediate as settle } from 'node:timers/promises'
import type { Clock } from '../../../player-sdk/src/clock.ts'
import type { MappingClock } from '../mapping/clock.ts'

interface Timer {
  at: number
  run: (() => void) | undefined
}

/**
 * Time that passes only when everything rests: the next timer is run when nothing is left to do at this moment. What all
 * parts of the bench wait by, so that a seed plays the same each time. `epoch`: when it begins, epoch ms.
 */
export const createTime = (epoch: number) => {
  let now = 0
  let busy = 0
  let rested = () => {}
  /** In the order of time; those of one moment as they were set. */
  const timers: Timer[] = []

  const insert = (timer: Timer) => {
    let from = 0
    let to = timers.length
    while (from < to) {
      const middle = (from + to) >> 1
      if (timers[middle]!.at <= timer.at) from = middle + 1
      else to = middle
    }
    timers.splice(from, 0, timer)
  }
  const setTimer = (run: () => void, ms: number) => {
    const timer: Timer = { at: now + Math.max(0, ms), run }
    insert(timer)
    return () => {
      timer.run = undefined
    }
  }
  const sleep = (ms: number, signal?: AbortSignal) =>
    new Promise<void>((resolve) => {
      if (signal?.aborted) return resolve()
      const wake = () => {
        cancel()
        signal?.removeEventListener('abort', wake)
        resolve()
      }
      const cancel = setTimer(wake, ms)
      signal?.addEventListener('abort', wake)
    })
  const rest = async () => {
    await settle()
    while (busy > 0) {
      await new Promise<void>((resolve) => {
        rested = resolve
      })
      await settle()
    }
  }

  return {
    /** As the SDK takes it. */
    clock: { now: () => now, epoch: () => Math.round(epoch + now), setTimer } satisfies Clock,
    /** As the mapping takes it. */
    mappingClock: { now: () => epoch + now, sleep } satisfies MappingClock,
    /** ms since it began. */
    now: () => now,
    /** Epoch ms, whole. */
    epoch: () => Math.round(epoch + now),
    sleep,
    /** Waits for what takes the machine's own time, such as a database: none of ours passes meanwhile. */
    async during<Result>(work: () => Promise<Result>): Promise<Result> {
      busy++
      try {
        return await work()
      } finally {
        busy--
        if (busy === 0) rested()
      }
    },
    /** Lets time pass until `isOver`; answers false where that is not so after `limit` ms, or nothing can happen any more. */
    async pass(isOver: () => boolean, limit: number): Promise<boolean> {
      const end = now + limit
      for (;;) {
        await rest()
        if (isOver()) return true
        const [next] = timers
        if (!next || next.at > end) return false
        timers.shift()
        if (!next.run) continue
        now = next.at
        next.run()
      }
    },
  }
}

/** Time for all parts of the bench. */
export type Time = ReturnType<typeof createTime>
