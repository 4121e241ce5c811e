import { createHash } from 'node:crypto'
import type { QuarantineEntry } from '@viewbeat/schema'
import type { Fact } from './createChronicle.ts'
import { createIngest } from './createIngest.ts'
import { createRoad } from './createRoad.ts'
import { createStream, type StreamItem } from './createStream.ts'
import { createWorld } from './createWorld.ts'
import type { Finding } from './finding.ts'
import { memoryObjects } from './memoryObjects.ts'
import { openArchive } from './openArchive.ts'
import { openEmbedded } from './openEmbedded.ts'
import { openKeeper } from './openKeeper.ts'
import { openSearch } from './openSearch.ts'
import { openSink } from './openSink.ts'
import { playCast } from './playCast.ts'
import type { PlayedView } from './playPage.ts'
import type { PartnerView } from './playPartner.ts'
import type { Sunk } from './sunk.ts'
import { watchPuts } from './watchPuts.ts'
import { createWavering } from './wavering.ts'

/** What a seed came to. */
export interface Scene {
  seed: number
  pages: PlayedView[]
  partners: PartnerView[]
  /** What the stream took, in order. */
  stream: StreamItem[]
  /** Those of it that are no records. */
  poison: StreamItem[]
  /** Objects that still wait in the spill. */
  waiting: number
  /** What is wrong with how the ingest puts records. */
  puts: Finding[]
  /** What the ingest and its drain put into quarantine. */
  quarantined: QuarantineEntry[]
  sinks: Sunk[]
  /** What did not come to its end in the time it had. */
  unfinished: string[]
  facts: Fact[]
  /** How often each fault was met. */
  met: Record<string, number>
  /** The same for the same seed: of all that happened and all that is stored. */
  digest: string
}

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

const digestOf = (facts: readonly Fact[], sinks: readonly Sunk[]) => {
  const digest = createHash('sha256')
  for (const { at, text } of facts) digest.update(`${at} ${text}\n`)
  for (const { events, views, quarantined } of sinks)
    digest.update(JSON.stringify([events, views, quarantined]))
  return digest.digest('hex')
}

/** Plays one seed from the player to every store, and says what it came to. `hasDuckDb`: the store is the real one. */
export const playSeed = async (seed: number, { hasDuckDb = false } = {}): Promise<Scene> => {
  const world = createWorld(seed)
  const { weather, time, chronicle, isStormy, around } = world
  const unfinished: string[] = []

  const stream = createStream(weather, around('stream'))
  const puts = watchPuts(stream.call)
  const objects = memoryObjects(createWavering('spill', weather.spill, around('spill')))
  const { quarantine, kept } = openKeeper(world, 'quarantine', weather.quarantine)
  const ingest = createIngest(weather, {
    ...around('ingest'),
    stream: { call: puts.call },
    drainStream: stream,
    objects,
    quarantine,
  })
  const road = createRoad(weather, { ...around('road'), ingest })
  const running = [
    await openSink('archive', { world, stream }, openArchive),
    await openSink('search', { world, stream }, openSearch),
    await openSink('store', { world, stream }, openEmbedded(hasDuckDb)),
  ]

  const cast = playCast(world, { road, stream })
  for (const ms of weather.reshards) time.clock.setTimer(stream.reshard, ms)
  time.clock.setTimer(() => chronicle.tell('all is well from now on'), weather.clearsAt)
  const drainEveryMinute = async (): Promise<void> => {
    await time.sleep(MINUTE_MS)
    await Promise.all([ingest.drain(), drainEveryMinute()])
  }
  void drainEveryMinute()

  if (!(await time.pass(() => !isStormy() && cast.areOver(), 6 * HOUR_MS)))
    unfinished.push('Pages still wait for answers')
  // What is on the road twice, or late.
  await time.pass(() => false, 3 * MINUTE_MS)
  await time.pass(() => objects.bodies.size === 0, 10 * MINUTE_MS)
  for (const { stage, finish } of running) {
    let isOver = false
    void finish(2 * HOUR_MS).then(() => {
      isOver = true
    })
    if (!(await time.pass(() => isOver, 3 * HOUR_MS))) unfinished.push(`${stage} does not come to its end`)
  }

  const sinks: Sunk[] = []
  for (const { read } of running) sinks.push(await read())
  return {
    seed,
    pages: cast.pages,
    partners: cast.partners,
    stream: stream.items,
    poison: cast.poison,
    waiting: objects.bodies.size,
    puts: puts.wrong,
    quarantined: kept,
    sinks,
    unfinished,
    facts: chronicle.facts,
    met: chronicle.met,
    digest: digestOf(chronicle.facts, sinks),
  }
}
