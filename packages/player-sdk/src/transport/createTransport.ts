import { type Batch, type Losses, type LossReason, lose, toLine, withEvents } from '../batch.ts'
import type { Clock } from '../clock.ts'
import { MAX_AGE_MS, MAX_BACKLOG_BYTES, MAX_BATCHES, MAX_BODY_BYTES, MAX_LEFT_BYTES } from '../limits.ts'
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

type Unanswered = Batch & {
  where?: number
  /** The request it is in. */
  flight?: unknown
  /** Was under way when the viewer denied. */
  isDenied?: boolean
}

/** Worth trying again. An answer below 400 that is not 202 is somebody else's: a portal's, a wrong path's. */
const isTransient = (status: number) => status < 400 || status === 408 || status === 429 || status >= 500

/** A view, as far as the transport has to know it. */
interface Captive {
  /** What it has captured since its last batch, as the batch it would be if the page ended now. */
  tail: () => Batch
  /** Gives that up. */
  forget: () => void
}

const ignore = () => {}

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
  mayStore,
}: {
  /** Endpoint and key. */
  address: string
  clock: Clock
  /** Like `Math.random`. */
  chance: () => number
  /** The ways out of the page. */
  ways: Network
  /** Where batches outlive the page, if they may and the viewer has granted it. */
  store: Store
  mayStore: boolean
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
  const views = new Set<Captive>()

  const toBody = (batches: Batch[]) => batches.map((batch) => toLine(batch, clock.epoch())).join('\n')
  const isPending = () => consent === 'pending'
  const below = (where: number) => backlog.filter((batch) => (batch.where || WAITING) < where)
  const mark = (batches: Unanswered[], where: number, flight?: unknown) => {
    for (const batch of batches) Object.assign(batch, { where, flight })
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
      return !index || (mayGroup && room >= 0 && index < MAX_BATCHES)
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

  /** What is still in a flight: the page may have gone meanwhile, and given its batches to the browser. */
  const inFlight = (flight: Unanswered[]) => flight.filter((batch) => batch.flight === flight)

  const take = (flight: Unanswered[], [status, retryAfterMs]: Answer) => {
    const group = inFlight(flight)
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
    } else if (isTransient(status) && !stopped) {
      cut(
        group.filter(({ isDenied }) => isDenied),
        'consent',
      )
      retryLater(retryAfterMs)
    } else if (status === 413 && group.length && !stopped) {
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
    const plain = toBody(group)
    let body: string | Blob = plain
    let bytes = group.reduce((sum, batch) => sum + batch.bytes, 0)
    mark(group, FLYING, group)
    if (isTimed) {
      body = await ways.pack(body).catch(() => plain)
      const left = inFlight(group)
      // The viewer has denied meanwhile, or the page went and gave some of it to the browser.
      if (stopped || isPending() || left.length < group.length) {
        mark(left, WAITING)
        if (stopped) cut(left, stopped)
        pump()
        return tell()
      }
      if (typeof body !== 'string') bytes = body.size
    }
    // After a failure without: it may have been the 64 KiB that were used up by others of the page.
    const keepalive = !failures && keptBytes + bytes <= MAX_BODY_BYTES
    if (keepalive) {
      keptBytes += bytes
      mark(group, KEPT, group)
    }
    const answer = await ways.post(address, body, keepalive).catch((): Answer => [0, 0])
    if (keepalive) keptBytes -= bytes
    take(group, answer)
    // What is kept is brought up to date in a task of its own, if there is much of it.
    if (backlog.length) touch()
    else keep()
    pump()
    tell()
  }
  const send = (group: Unanswered[], isTimed?: boolean) => {
    const before = flights
    flights = fly(group, isTimed).then(() => before, ignore)
  }
  /** Tells those who wait for all to be delivered. */
  const tell = () => {
    if (backlog.length) return
    for (const done of drained) done()
    drained = []
  }
  const pump = () => {
    const group = nextGroup()
    if (isPending() || !group.length) return
    // It may have to wait for long, and has to outlive the page meanwhile.
    if (retry || isFlying()) touch()
    else send(group, true)
  }

  const open = () =>
    stopped ? [] : [...views].map(({ tail }) => tail()).filter(({ events }) => events.length)
  /** Leaves with the browser what would die with the page: the newest, for what is older had its chance. */
  const leaveRest = () => {
    cancelLeave()
    const left = isPending() ? [] : fit([...below(KEPT), ...open()].reverse(), MAX_LEFT_BYTES).reverse()
    while (!ways.leave(address, toBody(left))) left.shift()
  }
  /** Makes what nobody has answered for outlive the page, as far as the viewer and the browser let it. */
  const keep = (ends?: boolean) => {
    if (touched) touched()
    touched = undefined
    if (!mayStore || consent !== 'granted') return leaveRest()
    store.save([...backlog, ...open()], ends)
    // A task of its own, because on a slow device each of the two takes some milliseconds.
    if (ends) leaveRest()
    else cancelLeave = clock.setTimer(leaveRest, 0)
  }

  /** Something was captured, or has to wait: keeps it, together with what follows within a moment. */
  const touch = () => {
    touched ||= clock.setTimer(keep, TOUCH_MS)
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
    mark(batches, WAITING)
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
    if (!mayStore || failures || consent !== 'granted') return
    store.adopt((batches) => {
      // Leaves it where it is: the viewer has thought better of it, or the ingest.
      if (stopped || consent !== 'granted') throw 0
      const lost: Record<string, Losses> = Object.create(null)
      for (const batch of batches)
        batch.lost = lost[batch.view] = Object.assign(lost[batch.view] || {}, batch.lost)
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
      if (stopped !== 'refused') stopped = isOff ? 'consent' : undefined
      if (choice === 'denied') {
        for (const view of views) view.forget()
        for (const batch of backlog) batch.isDenied = true
        cut(
          backlog.filter(({ flight }) => !flight),
          'consent',
        )
        store.clear()
      } else if (choice === 'pending') store.save([])
      // What waited for the choice was captured under it.
      for (const batch of backlog)
        batch.head = batch.head.replace('"consent":"pending"', `"consent":"${choice}"`)
      adopt()
      keep()
      pump()
      tell()
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
    touch,
    /** Resolves when what is under way has been answered, or has failed. */
    settled: () => flights,
    /** Calls back once all is delivered, however many attempts that takes. */
    onceDrained(done: () => void) {
      drained.push(done)
      tell()
    },
    views,
    get consent() {
      return consent
    },
  }
}

/** The way of batches to one endpoint. */
export type Transport = ReturnType<typeof createTransport>
