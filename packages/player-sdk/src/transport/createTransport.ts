import { type Batch, type Losses, type LossReason, lose, toLine, withEvents } from '../batch.ts'
import type { Clock } from '../clock.ts'
import { MAX_AGE_MS, MAX_BACKLOG_BYTES, MAX_BODY_BYTES, MAX_LEFT_BYTES } from '../limits.ts'
import type { Consent } from '../options.ts'
import type { Store } from '../storage/createStore.ts'
import type { Answer, Network } from './network.ts'
import { retryDelay } from './retryDelay.ts'

/** Where a batch that is not answered for is; what is below `KEPT` dies with the page. */
const WAITING = 0
/** In a request that dies with the page. */
const FLYING = 1
/** In a request that outlives the page. */
const KEPT = 2
/** Given to the browser as the page went: probably sent, never answered. */
const BEACONED = 3

/** How long what is captured waits to be kept, ms: each time costs the page a millisecond. */
const TOUCH_MS = 250

type Unanswered = Batch & { where?: number }

/** Worth trying again. An answer below 400 that is not 202 is somebody else's: a portal's, a wrong path's. */
const isTransient = (status: number) => status < 400 || status === 408 || status === 429 || status >= 500

/**
 * Brings batches to one endpoint, oldest first, one request at a time; keeps each until it is answered for. What it
 * gives up is counted in the batch's view, never forgotten.
 */
export const createTransport = ({
  address,
  clock,
  chance,
  ways,
  store,
}: {
  /** Endpoint and key. */
  address: string
  clock: Clock
  /** Like `Math.random`. */
  chance: () => number
  /** The ways out of the page. */
  ways: Network
  /** Where batches may outlive the page once the viewer has granted it; absent: nowhere. */
  store?: Store | undefined
}) => {
  let backlog: Unanswered[] = []
  let failures = 0
  let hasAnswered = false
  let keptBytes = 0
  let notBefore = 0
  let retryAt = 0
  let mayGroup = true
  let consent: Consent | undefined
  /** Nothing leaves any more, and what comes is lost for this reason. */
  let stopped: LossReason | undefined
  let retry: (() => void) | undefined
  let touched: (() => void) | undefined
  let cancelLeave = () => {}
  let flights: Promise<void> | undefined
  let drained: (() => void)[] = []
  /** What each view has captured since its last batch. */
  const tails = new Set<() => Batch>()

  const toBody = (batches: Batch[]) => batches.map((batch) => toLine(batch, clock.epoch())).join('\n')
  const isPending = () => consent === 'pending'
  const below = (where: number) => backlog.filter((batch) => (batch.where || WAITING) < where)
  const mark = (batches: Unanswered[], where: number) => {
    for (const batch of batches) batch.where = where
  }

  /** Gives up all but the last `keep` events of these batches. */
  const cut = (batches: Unanswered[], reason: LossReason, keep = 0) => {
    for (const batch of batches) {
      lose(batch, reason, batch.events.length - keep)
      Object.assign(batch, withEvents(batch, keep ? batch.events.slice(-keep) : []))
    }
    backlog = backlog.filter(({ events }) => events.length)
  }

  /** As many of the first of these batches as one body takes, one at least. */
  const fit = (batches: Unanswered[], room = MAX_BODY_BYTES) =>
    batches.filter((batch, index) => {
      room -= batch.bytes
      return !index || (mayGroup && room >= 0)
    })
  const nextGroup = () => fit(below(FLYING))

  const halves = (batch: Batch): Unanswered[] => {
    const middle = Math.ceil(batch.events.length / 2)
    return [batch.events.slice(0, middle), batch.events.slice(middle)].map((events) =>
      withEvents(batch, events),
    )
  }
  const replace = (batch: Unanswered, by: Unanswered[]) => {
    backlog = backlog.flatMap((other) => (other === batch ? by : [other]))
  }

  /** Requests that fail beside one another are one failure, and the latest of their times counts. */
  const retryLater = (retryAfterMs: number) => {
    const now = clock.now()
    const [asked, jitter] = retryDelay(retry ? failures - 1 : failures++, retryAfterMs, hasAnswered, chance)
    notBefore = Math.max(notBefore, now + asked)
    const at = now + asked + jitter
    if (retry && at <= retryAt) return
    if (retry) retry()
    retryAt = at
    retry = clock.setTimer(retryNow, asked + jitter)
  }
  const retryNow = () => {
    if (retry) retry()
    retry = undefined
    pump()
  }

  const take = (group: Unanswered[], [status, retryAfterMs]: Answer) => {
    mark(group, WAITING)
    if (status) hasAnswered = true
    if (status === 202) {
      failures = 0
      mayGroup = true
      backlog = backlog.filter((batch) => !group.includes(batch))
    } else if (status === 403 || status === 410) {
      stopped = 'refused'
      // What is under way has an answer of its own to come.
      cut(below(FLYING), stopped)
    } else if (isTransient(status) && !stopped) retryLater(retryAfterMs)
    else if (status === 413 && !stopped) {
      const [first] = group as [Unanswered]
      mayGroup = false
      if (first.events.length === 1) cut([first], 'too_large')
      else if (group.length === 1) replace(first, halves(first))
    } else cut(group, 'refused')
  }

  const isFlying = () => below(BEACONED).length > below(FLYING).length

  /**
   * Makes room, oldest first: of each batch only its last event is kept, the totals, which say what was lost and still
   * give the view its right figures. Only then whole batches go.
   */
  const makeRoom = () => {
    let bytes = backlog.reduce((sum, batch) => sum + batch.bytes, 0)
    for (const keep of [1, 0])
      for (const batch of below(FLYING))
        if (bytes > MAX_BACKLOG_BYTES && batch.events.length > keep) {
          bytes -= batch.bytes
          cut([batch], 'queue_full', keep)
          if (keep) bytes += batch.bytes
        }
  }

  const fly = async (group: Unanswered[], isTimed?: boolean) => {
    let body: string | Blob = toBody(group)
    let bytes = group.reduce((sum, batch) => sum + batch.bytes, 0)
    mark(group, FLYING)
    if (isTimed) {
      body = await ways.pack(body)
      // The page went meanwhile, and the browser was given the batches as they are.
      if (group.some(({ where }) => where !== FLYING)) return
      if (typeof body !== 'string') bytes = body.size
    }
    // After a failure without: it may have been the 64 KiB that were used up by others of the page.
    const keepalive = !failures && keptBytes + bytes <= MAX_BODY_BYTES
    if (keepalive) {
      keptBytes += bytes
      mark(group, KEPT)
    }
    const answer = await ways.post(address, body, keepalive)
    if (keepalive) keptBytes -= bytes
    take(group, answer)
    keep()
    pump()
    tell()
  }
  const send = (group: Unanswered[], isTimed?: boolean) => {
    const before = flights
    flights = fly(group, isTimed).then(() => before)
  }
  /** Tells those who wait for all to be delivered. */
  const tell = () => {
    if (backlog.length) return
    for (const done of drained) done()
    drained = []
  }
  const pump = () => {
    const group = nextGroup()
    if (!retry && !isPending() && !isFlying() && group.length) send(group, true)
  }

  const open = () => [...tails].map((tail) => tail()).filter(({ events }) => events.length)
  /** Leaves with the browser what would die with the page: the newest, for what is older had its chance. */
  const leaveRest = () => {
    cancelLeave()
    const left = fit([...below(KEPT), ...open()].reverse(), MAX_LEFT_BYTES).reverse()
    while (!ways.leave(address, toBody(left))) left.shift()
  }
  /** Makes what nobody has answered for outlive the page, as far as the viewer and the browser let it. */
  const keep = (ends?: boolean) => {
    if (touched) touched()
    touched = undefined
    if (isPending()) return
    if (!store || consent !== 'granted') return leaveRest()
    store.save([...backlog, ...open()], ends)
    // A task of its own, because on a slow device each of the two takes some milliseconds.
    if (ends) leaveRest()
    else cancelLeave = clock.setTimer(leaveRest, 0)
  }

  /** Gives batches to the browser, all at once or in ever smaller pieces; answers what it did not take. */
  const offer = (batches: Unanswered[]): Unanswered[] => {
    const [batch] = batches
    if (!batch) return batches
    if (ways.beacon(address, toBody(batches))) {
      mark(batches, BEACONED)
      return []
    }
    if (batches.length > 1) return batches.flatMap((one) => offer([one]))
    if (batch.events.length < 2) return batches
    const pieces = halves(batch)
    replace(batch, pieces)
    const refused = pieces.flatMap((piece) => offer([piece]))
    if (pieces.some((piece, index) => piece !== refused[index])) return refused
    // Nothing of it was taken: it stays the one it was.
    replace(pieces[0]!, batches)
    replace(pieces[1]!, [])
    return batches
  }

  /** Takes over what pages left that are gone: the same batches, with the same identity. */
  const adopt = () => {
    if (!store || consent !== 'granted') return
    store.adopt((batches) => {
      const lost: Record<string, Losses> = {}
      for (const batch of batches) {
        mark([batch], WAITING)
        batch.lost = lost[batch.view] = Object.assign(lost[batch.view] || {}, batch.lost)
      }
      backlog.unshift(...batches)
      cut(
        batches.filter(({ at }) => at < clock.epoch() - MAX_AGE_MS),
        'expired',
        1,
      )
      keep()
      pump()
    })
  }

  return {
    enqueue(batch: Batch) {
      adopt()
      backlog.push(batch)
      if (stopped) cut([batch], stopped)
      makeRoom()
    },
    /** The viewer has chosen: what waited for it goes on its way, or is given up. `isOff`: nothing may leave at all. */
    setConsent(choice: Consent, isOff: boolean) {
      consent = choice
      // What waited for the choice was captured under it.
      for (const batch of backlog)
        batch.head = batch.head.replace('"consent":"pending"', `"consent":"${choice}"`)
      if (stopped !== 'refused') stopped = isOff ? 'consent' : undefined
      if (choice === 'denied') {
        cut(below(FLYING), 'consent')
        if (store) store.clear()
      }
      adopt()
      keep()
      pump()
    },
    /** Sends what waits, unless a request is under way or a pause was asked for. */
    pump,
    /** Tries again at once, unless the server asked for a pause. */
    retry() {
      if (clock.now() >= notBefore) retryNow()
    },
    /** Sends all that waits at once, beside whatever is under way: the page may not live to see an answer. */
    sendAll() {
      if (!isPending()) for (let group = nextGroup(); group.length; group = nextGroup()) send(group)
    },
    /** The page goes: gives all that would die with it to the browser. What it does not take stays. */
    leave() {
      if (isPending()) return
      for (let rest = below(KEPT); rest.length; ) {
        const group = fit(rest)
        offer(group)
        rest = rest.slice(group.length)
      }
      keep(true)
    },
    /** The page came back: beacons have no answer, so what they carried goes again; the ingest's side drops copies. */
    returned() {
      mark(
        backlog.filter(({ where }) => where === BEACONED),
        WAITING,
      )
      pump()
    },
    /** Something was captured: keeps it, together with what follows within a moment. */
    touch() {
      touched ||= clock.setTimer(keep, TOUCH_MS)
    },
    /** Resolves when what is under way has been answered, or has failed. */
    settled: () => flights,
    /** Calls back once all is delivered, however many attempts that takes. */
    onceDrained(done: () => void) {
      drained.push(done)
      tell()
    },
    tails,
    get consent() {
      return consent
    },
  }
}

/** The way of batches to one endpoint. */
export type Transport = ReturnType<typeof createTransport>
