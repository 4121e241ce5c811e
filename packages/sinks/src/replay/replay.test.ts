import { flattenRecord, type StreamRecord } from '@viewbeat/schema'
import { describe, expect, it } from 'vitest'
import { aRecord } from '../../test/streamEvent.ts'
import { createSink } from '../consume/createSink.ts'
import { listenToSink } from './listenToSink.ts'
import type { Progress } from './openCheckpoint.ts'
import { replay } from './replay.ts'

const NOON = Date.UTC(2026, 10, 22, 12)
const [A, B, C] = ['A', 'B', 'C'].map((name) => `01K5M0PV40${name.repeat(16)}`) as [string, string, string]

const recordOf = (view_id: string): StreamRecord =>
  aRecord({ received_at: NOON, batch: { ...aRecord().batch, view_id } })

/** Two objects: the first holds two views. */
const OBJECTS = Object.entries({ '1.ndjson': [A, B], '2.ndjson': [C] }).map(([name, views]) => {
  const lines = views.flatMap((view) => flattenRecord(recordOf(view))).map((event) => JSON.stringify(event))
  return { key: `events/dt=2026-11-22/hour=12/${name}`, body: Buffer.from(`${lines.join('\n')}\n`) }
})

const archive = {
  async *list(prefix: string) {
    for (const { key, body } of OBJECTS) if (key.startsWith(prefix)) yield { key, bytes: body.length }
  },
  async open(key: string) {
    return (async function* () {
      yield OBJECTS.find((object) => object.key === key)!.body
    })()
  },
}

/** A sink whose store fails for some views. */
const createTarget = (fails: (view_id: string) => boolean) => {
  const stored = new Set<string>()
  const { said, observer } = listenToSink()
  const sink = createSink({
    stage: 'search',
    write: async (records) => {
      const failed = records.filter(({ record }) => fails(record.batch.view_id))
      for (const placed of records) if (!failed.includes(placed)) stored.add(placed.record.batch.view_id)
      return {
        failed: failed.map(({ sequenceNumber }) => sequenceNumber),
        refused: [],
        ...(failed.length && { reason: '400 index_closed_exception' }),
      }
    },
    quarantine: { put: async () => {} },
    now: Date.now,
    observer,
  })
  return { stored, target: { sink, said } }
}

/** One run after another: each goes on from where the last ended. */
const createRuns = () => {
  let progress: Progress = { through: '', unfinished: [], events: 0, refused: 0 }
  return async (fails: (view_id: string) => boolean) => {
    const { stored, target } = createTarget(fails)
    const troubles: [where: string, why: string][] = []
    const ended = await replay({
      archive,
      wanted: { from: NOON, to: NOON + 1000 },
      target,
      checkpoint: {
        progress,
        async save(now) {
          progress = now
        },
        async remove() {},
      },
      refusedNow: () => 0,
      patience_ms: 100,
      concurrency: 1,
      signal: new AbortController().signal,
      now: Date.now,
      onProgress: () => {},
      onTrouble: (...trouble) => troubles.push(trouble),
    })
    return { ...ended, stored: [...stored], troubles }
  }
}

describe('a record that fails again and again', () => {
  it('leaves its object unfinished while others are stored, and is tried again by the next run', async () => {
    const run = createRuns()
    const first = await run((view_id) => view_id === A)
    expect(first.stopped).toBeUndefined()
    expect(first.stored).toEqual([B, C])
    expect(first.unfinished).toEqual([OBJECTS[0]!.key])
    expect(first.troubles).toEqual([[OBJECTS[0]!.key, 'not stored whole: 400 index_closed_exception']])

    const second = await run(() => false)
    expect(second).toMatchObject({ stored: [A, B], unfinished: [], troubles: [] })
    expect(second.tally.events).toBe(3 * 29)
  })

  it('stops the run when nothing is stored beside it', async () => {
    const run = createRuns()
    const first = await run(() => true)
    expect(first.stopped).toBe('nothing could be stored any more: 400 index_closed_exception')
    expect(first.unfinished).toEqual([])
    expect((await run(() => false)).stored).toEqual([A, B, C])
  })
})
