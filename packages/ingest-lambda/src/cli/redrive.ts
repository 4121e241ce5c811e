import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { QuarantineEntry } from '@viewbeat/schema'
import { type ExitCode, paint, plural, type Terminal, tame, UsageError } from './output.ts'
import { openSource, readS3Url } from './read/openSource.ts'
import { readEntries } from './read/readEntries.ts'
import { type FilterOptions, readFilter } from './read/readFilter.ts'
import { createPace, readRate } from './redrive/createPace.ts'
import { createTally } from './redrive/createTally.ts'
import { openLedger } from './redrive/openLedger.ts'
import { readKeys } from './redrive/readKeys.ts'
import { type Fetch, sendPost } from './redrive/sendPost.ts'
import { toDelivery } from './redrive/toDelivery.ts'
import { type Post, toPosts } from './redrive/toPosts.ts'

/** What the command line says about a re-drive. */
export interface RedriveOptions extends FilterOptions {
  to: string
  keys?: string
  state?: string
  rate?: string
  dryRun?: boolean
  keepGoing?: boolean
}

/** What a re-drive needs of the world. */
export interface RedriveWorld {
  fetch: Fetch
  /** Epoch ms. */
  now: () => number
  /** Aborted to end the run: what is on its way is waited for. */
  signal: AbortSignal
}

const DEFAULT_RATE = '50/s'
const PROGRESS_EVERY_MS = 250

const readTarget = (to: string): { address: string; key: string | null } => {
  const url = URL.canParse(to) ? new URL(to) : undefined
  if (!url || !/^https?:$/.test(url.protocol))
    throw new UsageError(`--to ${to}: expected an address such as https://collect.example/v1/events?key=pk_…`)
  const key = url.searchParams.get('key')
  url.searchParams.delete('key')
  return { address: url.href, key }
}

const stateOf = (where: string, { state, dryRun }: RedriveOptions): string => {
  if (state) return state
  if (!readS3Url(where)) return join(where, '.redriven.ndjson')
  if (dryRun) return '.redriven.ndjson'
  throw new UsageError('--state <file>: name a file in which this run notes what has landed')
}

/** Finds the key for a publisher, and warns where one key speaks for several. */
const createKeyOf = (
  keys: ReadonlyMap<string, string> | undefined,
  fallback: string | null,
  terminal: Terminal,
) => {
  const publishers = new Set<string | undefined>()
  return (publisher: string | undefined): string | undefined => {
    const own = publisher === undefined ? undefined : keys?.get(publisher)
    if (own !== undefined || fallback === null) return own
    const before = publishers.size
    publishers.add(publisher)
    if (before === 1 && publishers.size === 2)
      terminal.err(
        "The key in --to sends for more than one publisher, and all of it will be that key's: see --publisher and --keys",
      )
    return fallback
  }
}

const withKey = (address: string, key: string) => {
  const url = new URL(address)
  url.searchParams.set('key', key)
  return url.href
}

/**
 * `redrive <folder|s3://bucket/prefix> --to <address>`: sends what was refused once more. Each event lands once: what has
 * landed is noted by its identity, and stores drop copies by the same. Exit code 1 when something stays in quarantine.
 */
export const redrive = async (
  terminal: Terminal,
  where: string,
  options: RedriveOptions,
  { fetch, now, signal }: RedriveWorld,
): Promise<ExitCode> => {
  const { dryRun = false, keepGoing = false } = options
  const source = openSource(where)
  const { address, key } = readTarget(options.to)
  const keys = options.keys === undefined ? undefined : await readKeys(options.keys)
  if (!keys && key === null) throw new UsageError('no key: add ?key=pk_… to --to, or name --keys <file>')
  // What the ingest refuses again is later than this: the run must not meet it.
  const filter = readFilter({ until: new Date(now()).toISOString(), ...options }, now())
  const ledger = await openLedger(stateOf(where, options), address, { dry: dryRun, now })
  const wait = async (ms: number) => void (await sleep(ms, undefined, { signal }))
  const pace = createPace(readRate(options.rate ?? DEFAULT_RATE), { now, wait })
  const keyOf = createKeyOf(keys, key, terminal)
  const { tally, leave, drawReasons, describe } = createTally()
  const blocked = new Map<string, string>()
  let end: string | undefined

  const send = async (post: Post) => {
    const key = keyOf(post.publisher)
    const events = post.seqs.length
    const withhold = (code: string, message: string) => leave('here', { code, path: '', message, events })
    if (key === undefined) return withhold('no_key', `No key for publisher ${post.publisher ?? '(unknown)'}`)
    if (blocked.has(key)) return withhold('key_refused', blocked.get(key)!)
    if (dryRun) {
      tally.posts++
      tally.landed += events
      return
    }
    await pace()
    const sent = await sendPost(withKey(address, key), post.body, {
      fetch,
      now,
      wait,
      onWait: (why, ms) => terminal.status(`${describe()}; ${tame(why)}, again in ${Math.ceil(ms / 1000)} s`),
    })
    tally.posts++
    const { landed, sampledOut, left, stop } = toDelivery(post, sent)
    if (landed.length > 0) await ledger.land({ ...post, seqs: landed })
    tally.landed += landed.length - sampledOut
    tally.sampledOut += sampledOut
    for (const reason of left) leave('ingest', reason)
    if (!stop) return
    if (!stop.all) blocked.set(key, stop.why)
    else if (!keepGoing || sent.kind !== 'answered') end = stop.why
  }

  const redriveEntry = async (entry: QuarantineEntry) => {
    tally.entries++
    const { posts, left, landed } = toPosts(entry, ledger, filter.isWantedCode)
    tally.landedBefore += landed
    for (const reason of left) leave('here', reason)
    for (const post of posts) {
      if (end !== undefined || signal.aborted) return
      await send(post)
    }
  }

  let drawn = 0
  try {
    for await (const found of readEntries(source, filter)) {
      if (end !== undefined || signal.aborted) break
      if (found.ok) await redriveEntry(found.entry)
      else {
        tally.broken++
        terminal.err(`${tame(found.where)}: ${tame(found.why)}`)
      }
      if (now() - drawn < PROGRESS_EVERY_MS) continue
      drawn = now()
      terminal.status(describe())
    }
  } catch (error) {
    if (!signal.aborted) throw error
  }
  terminal.status('')

  const verb = dryRun ? 'would be sent' : 'landed'
  terminal.out(
    `${plural(tally.entries, 'entry', 'entries')} read: ${plural(tally.landed, 'event')} ${verb} in ` +
      `${plural(tally.posts, 'post')}, ${tally.landedBefore.toLocaleString('en')} before, ` +
      `${tally.sampledOut > 0 ? `${tally.sampledOut.toLocaleString('en')} sampled out, ` : ''}` +
      `${tally.left.toLocaleString('en')} left in quarantine.`,
  )
  const [title = '', ...rows] = drawReasons(terminal.columns)
  if (rows.length > 0) for (const line of ['', paint(terminal, 'dim', title), ...rows]) terminal.out(line)
  for (const [key, why] of blocked) terminal.err(`${tame(key)}: ${tame(why)}`)
  if (end !== undefined) terminal.err(`Stopped: ${tame(end)}`)
  else if (signal.aborted) terminal.err('Stopped: run it again to go on from here')
  return tally.left > 0 || tally.broken > 0 || end !== undefined || signal.aborted ? 1 : 0
}
