import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { QuarantineEntry } from '@viewbeat/schema'
import type { Put } from '../aws/putInCalls.ts'
import type { OutgoingRecord } from '../records/toRecord.ts'
import { type ExitCode, paint, plural, type Terminal, tame, UsageError } from './output.ts'
import { openSource, readS3Url } from './read/openSource.ts'
import { readEntries } from './read/readEntries.ts'
import { type FilterOptions, readFilter } from './read/readFilter.ts'
import { createPace, readRate } from './redrive/createPace.ts'
import { createReputs } from './redrive/createReputs.ts'
import { createTally } from './redrive/createTally.ts'
import { type Ledger, openLedger } from './redrive/openLedger.ts'
import { readKeys } from './redrive/readKeys.ts'
import { type Fetch, sendPost } from './redrive/sendPost.ts'
import { toDelivery } from './redrive/toDelivery.ts'
import { type Left, type Post, toPosts } from './redrive/toPosts.ts'
import { type Reput, toReput } from './redrive/toReput.ts'

/** What the command line says about a re-drive. */
export interface RedriveOptions extends FilterOptions {
  to?: string
  toStream?: string
  keys?: string
  state?: string
  rate?: string
  dryRun?: boolean
  keepGoing?: boolean
}

/** What a re-drive needs of the world. */
export interface RedriveWorld {
  fetch: Fetch
  /** What puts records on a stream of that name. */
  openStream: (name: string) => Promise<Put<OutgoingRecord>>
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

/** What is needed to post to the ingest, and what to put on the stream; absent where the command line names no such. */
const openTargets = async (
  where: string,
  options: RedriveOptions,
  { now, openStream }: Pick<RedriveWorld, 'now' | 'openStream'>,
) => {
  const { dryRun: dry = false, toStream: stream } = options
  const target = options.to === undefined ? undefined : readTarget(options.to)
  if (!target && stream === undefined)
    throw new UsageError('nowhere to send it: name --to <address>, --to-stream <name>, or both')
  const keys = options.keys === undefined ? undefined : await readKeys(options.keys)
  if (target && !keys && target.key === null)
    throw new UsageError('no key: add ?key=pk_… to --to, or name --keys <file>')
  const state = stateOf(where, options)
  const ledgerOf = (to: string): Promise<Ledger> => openLedger(state, to, { dry, now })
  return {
    ingest: target && { ...target, keys, ledger: await ledgerOf(target.address) },
    stream:
      stream === undefined
        ? undefined
        : { ledger: await ledgerOf(`kinesis:${stream}`), put: dry ? undefined : await openStream(stream) },
  }
}

const noTarget = ({ stage, seqs }: QuarantineEntry): Left => ({
  code: 'no_target',
  path: '',
  message:
    stage === 'ingest'
      ? 'Refused by the ingest: name it with --to'
      : 'Refused by a sink: name the stream with --to-stream',
  events: seqs?.length ?? 0,
})

/**
 * `redrive <folder|s3://bucket/prefix> --to <address> --to-stream <name>`: sends what was refused once more; what the
 * ingest refused to the ingest, what a sink refused to the stream. Each event lands once: what has landed is noted by its
 * identity, and stores drop copies by the same. Exit code 1 when something stays in quarantine.
 */
export const redrive = async (
  terminal: Terminal,
  where: string,
  options: RedriveOptions,
  { fetch, now, openStream, signal }: RedriveWorld,
): Promise<ExitCode> => {
  const { dryRun = false, keepGoing = false } = options
  const source = openSource(where)
  const { ingest, stream } = await openTargets(where, options, { now, openStream })
  // What is refused again is later than this: the run must not meet it.
  const filter = readFilter({ until: new Date(now()).toISOString(), ...options }, now())
  const wait = async (ms: number) => void (await sleep(ms, undefined, { signal }))
  const pace = createPace(readRate(options.rate ?? DEFAULT_RATE), { now, wait })
  const keyOf = createKeyOf(ingest?.keys, ingest?.key ?? null, terminal)
  const { tally, leave, drawReasons, describe } = createTally()
  const blocked = new Map<string, string>()
  let end: string | undefined

  const onWait = (why: string, ms: number) =>
    terminal.status(`${describe()}; ${tame(why)}, again in ${Math.ceil(ms / 1000)} s`)

  const send = async (post: Post, { address, ledger }: NonNullable<typeof ingest>) => {
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
    const sent = await sendPost(withKey(address, key), post.body, { fetch, now, wait, onWait })
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

  const isOver = () => end !== undefined || signal.aborted

  const countPut = ({ seqs }: Reput) => {
    tally.records++
    tally.landed += seqs.length
  }
  const reputs =
    stream?.put &&
    createReputs({
      put: stream.put,
      now,
      wait,
      onWait,
      onPut: async (reput) => {
        await stream.ledger.land(reput)
        countPut(reput)
      },
    })
  const leaveUnput = ({ left, why }: { left: Reput[]; why: string }) => {
    for (const { seqs } of left)
      leave('here', { code: 'unavailable', path: '', message: why, events: seqs.length })
    if (left.length > 0 && !signal.aborted) end = `the stream does not take them: ${why}`
  }

  const redriveEntry = async (entry: QuarantineEntry) => {
    tally.entries++
    if (entry.stage === 'ingest' ? !ingest : !stream) return leave('here', noTarget(entry))
    if (entry.stage !== 'ingest') {
      const { reput, left, landed } = toReput(entry, stream!.ledger)
      tally.landedBefore += landed
      for (const reason of left) leave('here', reason)
      if (!reput) return
      if (!reputs) return countPut(reput)
      await pace()
      return leaveUnput(await reputs.add(reput))
    }
    const { posts, left, landed } = toPosts(entry, ingest!.ledger, filter.isWantedCode)
    tally.landedBefore += landed
    for (const reason of left) leave('here', reason)
    for (const post of posts) {
      if (isOver()) return
      await send(post, ingest!)
    }
  }

  let drawn = 0
  try {
    for await (const found of readEntries(source, filter)) {
      if (isOver()) break
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
  if (reputs && end === undefined) leaveUnput(await reputs.flush())
  terminal.status('')

  const verb = dryRun ? 'would be sent' : 'landed'
  const sent = [
    ...(ingest ? [plural(tally.posts, 'post')] : []),
    ...(stream ? [plural(tally.records, 'record')] : []),
  ].join(' and ')
  terminal.out(
    `${plural(tally.entries, 'entry', 'entries')} read: ${plural(tally.landed, 'event')} ${verb} in ` +
      `${sent}, ${tally.landedBefore.toLocaleString('en')} before, ` +
      `${tally.sampledOut > 0 ? `${tally.sampledOut.toLocaleString('en')} sampled out, ` : ''}` +
      `${tally.left.toLocaleString('en')} left in quarantine.`,
  )
  const [title = '', ...rows] = drawReasons(terminal.columns)
  if (rows.length > 0) for (const line of ['', paint(terminal, 'dim', title), ...rows]) terminal.out(line)
  for (const [key, why] of blocked) terminal.err(`${tame(key)}: ${tame(why)}`)
  if (end !== undefined) terminal.err(`Stopped: ${tame(end)}`)
  else if (signal.aborted) terminal.err('Stopped: run it again to go on from here')
  return tally.left > 0 || tally.broken > 0 || isOver() ? 1 : 0
}
