import { DDSketch } from '@datadog/sketches-js'
import { createAccount, type ViewAccount } from './createAccount.ts'
import { createFastClock } from './createFastClock.ts'
import { createPageNetwork } from './createPageNetwork.ts'
import type { Poster } from './createPoster.ts'
import { createRandom } from './createRandom.ts'
import { type OpenView, openView } from './openView.ts'
import { writeScenario } from './writeScenario.ts'

/** What load there is to be. */
export interface Load {
  views: number
  /** How many times as fast as viewers their time passes. */
  speed: number
  /** How long those watch who watch, on average. */
  minutes: number
  /** Over how many minutes of the viewers' time views begin. */
  spreadMinutes: number
  seed: number
  /** The origin of the pages. */
  origin: string
  /** How long what waits at the end may take to be delivered, ms of real time. */
  drainMs: number
}

/** How far it has come. */
export interface Progress {
  seconds: number
  begun: number
  underWay: number
  captured: number
  accepted: number
  requests: number
  again: number
  /** ms; NaN before there was an answer. */
  p50: number
  p99: number
}

/** What came of it. */
export interface LoadReport {
  /** Real time until the last view had ended, and until all was delivered. */
  seconds: number
  drainSeconds: number
  /** All that was asked for, or the part before it was stopped. */
  stopped: boolean
  begun: number
  kinds: Record<string, number>
  views: ViewAccount[]
  /** Events in requests, copies included. */
  sentEvents: number
  requests: number
  /** Requests with something that had been sent before. */
  again: number
  bodyBytes: number
  /** Answers by status; 0: none came. */
  answers: Record<number, number>
  /** 202s whose receipt does not account for what was sent. */
  oddReceipts: number
  latency: { p50: number; p90: number; p99: number; max: number }
}

/** What viewers' browsers call themselves. */
const USER_AGENTS = [
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/152.0.0.0 Safari/537.36',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 19_2 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.2 Mobile/15E148 Safari/604.1',
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.1 Safari/605.1.15',
  'Mozilla/5.0 (X11; Linux x86_64; rv:152.0) Gecko/20100101 Firefox/152.0',
  'Mozilla/5.0 (Linux; Android 16; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/151.0.0.0 Mobile Safari/537.36',
]

/** No view is longer than this many times the average. */
const LONGEST = 3.3

const MINUTE_MS = 60_000

/**
 * Lets views be watched through the SDK's own batching and transport, and keeps the account of each event. `signal`: begins
 * no more views, ends those under way, and delivers what waits.
 */
export const runLoad = async (
  { views, speed, minutes, spreadMinutes, seed, origin, drainMs }: Load,
  {
    poster,
    signal,
    onProgress = () => {},
    onAnswer = () => {},
  }: {
    poster: Pick<Poster, 'post'>
    signal?: AbortSignal
    /** Once a second. */
    onProgress?: (progress: Progress) => void
    /** Status 0: there was none. */
    onAnswer?: (status: number, ms: number) => void
  },
): Promise<LoadReport> => {
  const random = createRandom(seed)
  const spread = spreadMinutes * MINUTE_MS
  const clock = createFastClock(speed, spread + minutes * LONGEST * MINUTE_MS)
  const latencies = new DDSketch({ relativeAccuracy: 0.01 })
  const answers: Record<number, number> = {}
  const kinds: Record<string, number> = {}
  const closed: ViewAccount[] = []
  const pages = new Set<OpenView>()
  const from = performance.now()
  const seconds = () => (performance.now() - from) / 1000
  let begun = 0
  let captured = 0
  let accepted = 0
  let sentEvents = 0
  let requests = 0
  let again = 0
  let bodyBytes = 0
  let oddReceipts = 0
  let wake = () => {}
  const until = (at: number) =>
    new Promise<void>((resolve) => {
      wake = resolve
      clock.fast.setTimer(resolve, Math.max(0, at - clock.fast.now()))
    })
  /** Pages that wait for their last answers. */
  const draining = new Set<() => void>()
  const stop = () => {
    wake()
    for (const page of pages) page.cut()
  }
  signal?.addEventListener('abort', stop, { once: true })

  /** Opens a page; answers when its viewer has left, and when all of it is delivered or given up. */
  const play = () => {
    const viewRandom = createRandom(seed + 1 + begun++)
    const scenario = writeScenario(viewRandom, minutes)
    kinds[scenario.kind] = (kinds[scenario.kind] ?? 0) + 1
    const userAgent = USER_AGENTS[Math.floor(viewRandom() * USER_AGENTS.length)]!
    let account: ReturnType<typeof createAccount> | undefined
    let early = 0
    const network = createPageNetwork(
      poster,
      { origin, userAgent },
      {
        sent(text, bytes) {
          const sent = account!.sent(text)
          sentEvents += sent.events
          if (sent.again) again++
          requests++
          bodyBytes += bytes
          return sent
        },
        answered(sent, status, answer, ms) {
          answers[status] = (answers[status] ?? 0) + 1
          if (status) latencies.accept(ms)
          onAnswer(status, ms)
          if (status !== 202) return
          try {
            const received = account!.received(sent, answer)
            accepted += received.accepted
            if (!received.isWhole) oddReceipts++
          } catch {
            oddReceipts++
          }
        },
      },
    )
    const page = openView({
      scenario,
      clock: clock.fast,
      pace: clock.real,
      network,
      address: '',
      random: viewRandom,
      onCapture: () => {
        captured++
        // A view captures its first event before it has told its id.
        if (account) account.capture()
        else early++
      },
    })
    account = createAccount(page.viewId)
    for (; early > 0; early--) account.capture()
    pages.add(page)
    const left = page.watch()
    const drain = async () => {
      await left
      pages.delete(page)
      await new Promise<void>((resolve) => {
        const done = () => {
          draining.delete(done)
          resolve()
        }
        draining.add(done)
        page.stop().then(done)
      })
      closed.push(account.close(page.lost()))
    }
    return { left, drained: drain() }
  }

  const progress = setInterval(() => {
    onProgress({
      seconds: seconds(),
      begun,
      underWay: pages.size,
      captured,
      accepted,
      requests,
      again,
      p50: latencies.getValueAtQuantile(0.5),
      p99: latencies.getValueAtQuantile(0.99),
    })
  }, 1000)

  const played: ReturnType<typeof play>[] = []
  for (let view = 0; view < views && !signal?.aborted; view++) {
    await until(((view + random()) / views) * spread)
    if (!signal?.aborted) played.push(play())
  }
  await Promise.all(played.map(({ left }) => left))
  const lasted = seconds()
  const deadline = setTimeout(() => {
    for (const done of draining) done()
  }, drainMs)
  await Promise.all(played.map(({ drained }) => drained))
  clearTimeout(deadline)
  clearInterval(progress)
  clock.stop()

  const quantile = (q: number) => latencies.getValueAtQuantile(q)
  return {
    seconds: lasted,
    drainSeconds: seconds() - lasted,
    stopped: !!signal?.aborted,
    begun,
    kinds,
    views: closed,
    sentEvents,
    requests,
    again,
    bodyBytes,
    answers,
    oddReceipts,
    latency: { p50: quantile(0.5), p90: quantile(0.9), p99: quantile(0.99), max: latencies.max },
  }
}
