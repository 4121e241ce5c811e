import { byteLength } from '../byteLength.ts'
import type { Clock } from '../clock.ts'
import { MAX_BACKLOG_BYTES, MAX_BODY_BYTES } from '../limits.ts'
import type { SealedBatch } from '../queue/createBatcher.ts'
import type { Answer } from './post.ts'
import { retryDelay } from './retryDelay.ts'

interface Waiting extends SealedBatch {
  flying?: boolean
  /** Given to the browser as the page went: probably sent, never answered. */
  beaconed?: boolean
}

const toBody = (batches: SealedBatch[]) =>
  batches.map(({ header, events }) => `${header()},"events":[${events.join()}]}`).join('\n')

/** Worth trying again. An answer below 400 that is not 202 is somebody else's: a portal's, a wrong path's. */
const isTransient = (status: number) => status < 400 || status === 408 || status === 429 || status >= 500

/**
 * Brings batches to the ingest, oldest first, one request at a time; keeps each until it is answered for. What it gives
 * up is counted in the batch's view, never forgotten.
 */
export const createTransport = ({
  clock,
  random,
  post,
  beacon,
}: {
  clock: Clock
  random: () => number
  post: (body: string) => Promise<Answer>
  beacon: (body: string) => boolean
}) => {
  let backlog: Waiting[] = []
  let failures = 0
  let retryAt = 0
  let mayGroup = true
  let stopped = false
  let retry: (() => void) | undefined
  const settled: (() => void)[] = []
  const drained: (() => void)[] = []

  const forget = (batches: Waiting[]) => {
    backlog = backlog.filter((batch) => !batches.includes(batch))
  }
  const giveUp = (batches: Waiting[], reason: Parameters<SealedBatch['lose']>[0]) => {
    forget(batches)
    for (const { lose, events } of batches) lose(reason, events.length)
  }
  const isIdle = (batch: Waiting) => !batch.flying && !batch.beaconed

  /** The oldest idle batches that fit one body. */
  const nextGroup = (): Waiting[] => {
    const group: Waiting[] = []
    let bytes = 0
    for (const batch of backlog.filter(isIdle)) {
      bytes += batch.bytes + 1
      if (group.length > 0 && (bytes > MAX_BODY_BYTES || !mayGroup)) break
      group.push(batch)
    }
    return group
  }

  const split = (group: Waiting[]) => {
    const [batch] = group as [Waiting]
    mayGroup = false
    if (group.length > 1) return
    if (batch.events.length === 1) giveUp(group, 'too_large')
    else {
      const middle = Math.ceil(batch.events.length / 2)
      const halves = [batch.events.slice(0, middle), batch.events.slice(middle)].map((events) =>
        Object.assign({}, batch, { events }),
      )
      backlog.splice(backlog.indexOf(batch), 1, ...halves)
    }
  }

  /** Requests that fail beside one another are one failure, and the latest of their times counts. */
  const retryLater = (retryAfterMs: number) => {
    const delay = retryDelay(retry ? failures - 1 : failures++, retryAfterMs, random)
    const at = clock.now() + delay
    if (retry && at <= retryAt) return
    retry?.()
    retryAt = at
    retry = clock.setTimer(() => {
      retry = undefined
      pump()
    }, delay)
  }

  const take = (group: Waiting[], { status, retryAfterMs }: Answer) => {
    for (const batch of group) batch.flying = false
    if (status === 202) {
      failures = 0
      mayGroup = true
      forget(group)
    } else if (status === 403 || status === 410) {
      stopped = true
      // What is under way has an answer of its own to come.
      giveUp(
        backlog.filter((batch) => !batch.flying),
        'refused',
      )
    } else if (isTransient(status) && !stopped) retryLater(retryAfterMs)
    else if (status === 413 && !stopped) split(group)
    else giveUp(group, 'refused')
  }

  const isFlying = () => backlog.some((batch) => batch.flying)

  /** All is delivered, or what is not waits for its next attempt. */
  const isSettled = () => backlog.length === 0 || (retry !== undefined && !isFlying())

  /** Tells those who wait for the end of this round, and of all of them. */
  const tell = () => {
    if (isSettled()) for (const done of settled.splice(0)) done()
    if (backlog.length === 0) for (const done of drained.splice(0)) done()
  }

  /**
   * Makes room, oldest first: of each batch only its last event is kept, the totals, which say what was lost and still
   * give the view its right figures. Only then whole batches go.
   */
  const makeRoom = () => {
    let bytes = backlog.reduce((sum, waiting) => sum + waiting.bytes, 0)
    const cut = (keep: number) => {
      for (const batch of backlog.filter((waiting) => !waiting.flying && waiting.events.length > keep)) {
        if (bytes <= MAX_BACKLOG_BYTES) return
        bytes -= batch.bytes
        batch.lose('queue_full', batch.events.length - keep)
        batch.events = keep ? batch.events.slice(-keep) : []
        batch.bytes = keep ? byteLength(toBody([batch])) + 64 : 0
        bytes += batch.bytes
      }
    }
    cut(1)
    cut(0)
    backlog = backlog.filter(({ events }) => events.length > 0)
  }

  const fly = async (group: Waiting[]) => {
    for (const batch of group) batch.flying = true
    take(group, await post(toBody(group)))
    tell()
    pump()
  }

  const pump = () => {
    if (retry || isFlying()) return
    const group = nextGroup()
    if (group.length > 0) void fly(group)
  }

  return {
    enqueue(batch: SealedBatch) {
      if (stopped) return batch.lose('refused', batch.events.length)
      backlog.push(batch)
      makeRoom()
    },
    /** Sends what waits, unless a request is under way or a pause was asked for. */
    pump,
    /** Sends all that waits at once, beside whatever is under way: the page may not live to see an answer. */
    sendAll() {
      for (let group = nextGroup(); group.length > 0; group = nextGroup()) void fly(group)
    },
    /** The page goes: gives all that waits to the browser. What it does not take stays for `returned`. */
    leave() {
      const left: Waiting[] = []
      for (let group = nextGroup(); group.length > 0; group = nextGroup()) {
        const isTaken = beacon(toBody(group))
        if (!isTaken && group.length > 1) {
          mayGroup = false
          continue
        }
        // One that is refused is passed over: a smaller one behind it may still fit.
        if (!isTaken) left.push(...group)
        for (const batch of group) batch.beaconed = true
      }
      for (const batch of left) batch.beaconed = false
    },
    /** The page came back: beacons have no answer, so what they carried goes again; the ingest's side drops copies. */
    returned() {
      for (const batch of backlog) batch.beaconed = false
      pump()
    },
    /** Resolves when all is delivered, or an attempt has failed. */
    settled(): Promise<void> {
      return isSettled() ? Promise.resolve() : new Promise((done) => settled.push(done))
    },
    /** Resolves when nothing waits any more, however many attempts that takes. */
    drained(): Promise<void> {
      return backlog.length === 0 ? Promise.resolve() : new Promise((done) => drained.push(done))
    },
  }
}
