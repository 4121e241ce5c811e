import { setTimeout as sleep } from 'node:timers/promises'
import type { FlatEvent } from '@viewbeat/schema'
import type { Archive, ArchiveObject } from './archive.ts'
import { deliver, type NamedRecord, UnavailableSinkError } from './deliver.ts'
import { listObjects } from './listObjects.ts'
import type { Checkpoint } from './openCheckpoint.ts'
import type { Target } from './openTarget.ts'
import { readObject, type Wanted } from './readObject.ts'
import { unflatten } from './unflatten.ts'

/** What a replay has done and what is before it, for people who look on. */
export interface Tally {
  objects: number
  bytes: number
  events: number
  /** Of this run alone. */
  run: { bytes: number; events: number }
  /** What there is to do in this run. */
  total: { objects: number; bytes: number }
  /** Lines that are no event. */
  broken: number
}

/** How a replay ended: whether all was read and written, and if not, why it stopped. */
export interface Ended {
  tally: Tally
  /** Objects that could not be read, or stored whole. */
  unfinished: string[]
  refused: number
  /** Absent when it came to the end. */
  stopped?: string
}

/** What one invocation of the sink holds. */
const RECORDS_IN_CALL = 200
const EVENTS_IN_CALL = 2000

const SAVE_EVERY_MS = 200
const READ_TRIES = 3

/** For how long records of an object may fail after one of them was given up, ms. */
const BRIEF_MS = 5000

/**
 * Writes what the archive holds of a time into a sink, some objects at a time and each as a stream, so that memory does
 * not grow with them. It comes to the same however often it is done: sinks drop the copies of what they have. What it has
 * finished is noted in the checkpoint, by which a run that was broken off goes on. A sink that stores nothing any more stops
 * it; a record that fails while others are stored leaves its object unfinished, to be tried again by the next run.
 */
export const replay = async ({
  archive,
  wanted,
  target,
  checkpoint,
  refusedNow,
  patience_ms,
  concurrency,
  signal,
  now,
  onProgress,
  onTrouble,
}: {
  archive: Archive
  wanted: Wanted
  /** Undefined for a dry run. */
  target: Pick<Target, 'sink' | 'said'> | undefined
  checkpoint: Checkpoint
  /** How many events this run's sink has refused so far. */
  refusedNow: () => number
  /** For how long the same record may fail, ms. */
  patience_ms: number
  /** How many objects are on their way at once. */
  concurrency: number
  /** Aborted to end the run: what is on its way is waited for. */
  signal: AbortSignal
  /** Epoch ms. */
  now: () => number
  onProgress: (tally: Tally) => void
  onTrouble: (where: string, why: string) => void
}): Promise<Ended> => {
  const before = checkpoint.progress
  const tally: Tally = {
    objects: 0,
    bytes: 0,
    events: before.events,
    run: { bytes: 0, events: 0 },
    total: { objects: 0, bytes: 0 },
    broken: 0,
  }
  const unfinished = new Set(before.unfinished)
  const isLeft = ({ key }: ArchiveObject) => key > before.through || unfinished.has(key)
  for await (const object of listObjects(archive, wanted.from, wanted.to)) {
    if (!isLeft(object)) continue
    tally.total.objects++
    tally.total.bytes += object.bytes
    onProgress(tally)
  }

  let stopped: string | undefined
  const isOver = () => stopped !== undefined || signal.aborted
  const wait = async (ms: number) => void (await sleep(ms, undefined, { signal }))

  /** Keys on their way, in their order; whether each is done. Up to the first that is not, all is. */
  const onTheirWay = new Map<string, boolean>()
  let { through } = before
  let saved = now()
  const progress = () => ({
    through,
    unfinished: [...unfinished],
    events: tally.events,
    refused: before.refused + refusedNow(),
  })
  const finish = async (key: string) => {
    onTheirWay.set(key, true)
    for (const [first, isDone] of onTheirWay) {
      if (!isDone) break
      onTheirWay.delete(first)
      if (first > through) through = first
    }
    if (now() - saved < SAVE_EVERY_MS) return
    saved = now()
    await checkpoint.save(progress())
  }

  const writeObject = async (
    key: string,
  ): Promise<{ events: number; broken: number; trouble: string | undefined }> => {
    const name = key.split('/').at(-1)!
    let [events, broken, number] = [0, 0, 0]
    let trouble: string | undefined
    let waiting: NamedRecord[] = []
    let held = 0
    const store = async ({ sink, said }: NonNullable<typeof target>) => {
      const before = said.stored
      const patience = trouble === undefined ? patience_ms : Math.min(patience_ms, BRIEF_MS)
      try {
        await deliver({ sink, reason: () => said.reason, patience_ms: patience, now, wait }, waiting)
      } catch (error) {
        if (!(error instanceof UnavailableSinkError) || said.stored === before) throw error
        trouble ??= error.message
      }
    }
    const flush = async () => {
      if (target) await store(target)
      tally.run.events += held
      events += held
      waiting = []
      held = 0
      onProgress(tally)
    }
    const read: AsyncGenerator<FlatEvent> = readObject(archive, key, wanted, (line) => {
      broken++
      onTrouble(`${key}:${line}`, 'no event')
    })
    for await (const record of unflatten(read)) {
      waiting.push({ name: `${name}:${number++}`, record })
      held += record.batch.events.length
      if (waiting.length >= RECORDS_IN_CALL || held >= EVENTS_IN_CALL) await flush()
      signal.throwIfAborted()
    }
    await flush()
    return { events, broken, trouble }
  }

  const take = async ({ key, bytes }: ArchiveObject) => {
    for (let tries = 1; ; tries++) {
      try {
        const { events, broken, trouble } = await writeObject(key)
        tally.broken += broken
        if (trouble === undefined) {
          unfinished.delete(key)
          tally.events += events
        } else {
          onTrouble(key, `not stored whole: ${trouble}`)
          unfinished.add(key)
        }
        break
      } catch (error) {
        if (signal.aborted) return
        if (error instanceof UnavailableSinkError) {
          stopped ??= `nothing could be stored any more: ${error.message}`
          return
        }
        if (tries < READ_TRIES) continue
        onTrouble(key, (error as Error).message)
        unfinished.add(key)
        break
      }
    }
    tally.objects++
    tally.bytes += bytes
    tally.run.bytes += bytes
    await finish(key)
    onProgress(tally)
  }

  const objects = listObjects(archive, wanted.from, wanted.to)
  const work = async () => {
    while (!isOver()) {
      const next = await objects.next()
      if (next.done) return
      if (!isLeft(next.value)) continue
      onTheirWay.set(next.value.key, false)
      await take(next.value)
    }
  }
  await Promise.all(Array.from({ length: concurrency }, work))

  if (signal.aborted) stopped ??= 'interrupted'
  if (stopped === undefined && unfinished.size === 0) await checkpoint.remove()
  else await checkpoint.save(progress())
  return {
    tally,
    unfinished: [...unfinished],
    refused: before.refused + refusedNow(),
    ...(stopped !== undefined && { stopped }),
  }
}
