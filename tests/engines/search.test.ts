import { setTimeout as sleep } from 'node:timers/promises'
import { flattenRecord, type QuarantineEntry, type StreamRecord } from '@viewbeat/schema'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { foldView } from '../../packages/qoe/src/index.ts'
import { createSearchSink } from '../../packages/sinks/src/search/createSearchSink.ts'
import { expireViews } from '../../packages/sinks/src/search/expireViews.ts'
import { type OpenSearchIndex, openSearchIndex } from '../../packages/sinks/src/search/openSearchIndex.ts'
import type { BulkItem, SearchIndex } from '../../packages/sinks/src/search/searchIndex.ts'
import { setUp } from '../../packages/sinks/src/search/setUp.ts'
import { conforms } from '../../packages/sinks/test/conformance.ts'
import { streamEvent } from '../../packages/sinks/test/streamEvent.ts'
import { aView, part, unstorable } from '../../packages/sinks/test/views.ts'
import { startOpenSearch } from './startOpenSearch.mjs'

const url = process.env.OPENSEARCH_URL!

const memoryQuarantine = () => {
  const quarantined: QuarantineEntry[] = []
  return { quarantined, put: async (entries: QuarantineEntry[]) => void quarantined.push(...entries) }
}

const openSink = (index: SearchIndex) => {
  const quarantine = memoryQuarantine()
  return { sink: createSearchSink({ index, quarantine }), quarantined: quarantine.quarantined }
}

/** Every document there is of a view, by the search that anybody would do. */
const search = async ({ client }: OpenSearchIndex, viewId: string) => {
  await client.indices.refresh({ index: 'viewbeat-*' })
  const { body } = await client.search({
    index: 'viewbeat-events-*',
    size: 1000,
    body: { query: { term: { view_id: { value: viewId } } } },
  })
  return body.hits.hits.map(({ _source }) => _source as never)
}

const invocation = (remaining_ms: number) => ({ getRemainingTimeInMillis: () => remaining_ms })

let index: OpenSearchIndex
beforeAll(async () => {
  index = openSearchIndex({ url })
  await setUp(index.client, { retentionDays: 30, replicas: 0 })
})
afterAll(() => index.close())

conforms(
  'OpenSearch',
  async () => {
    const own = openSearchIndex({ url })
    await setUp(own.client, { retentionDays: 30, replicas: 0 })
    const { sink, quarantined } = openSink(own)
    return {
      sink,
      quarantined,
      readEvents: (viewId) => search(own, viewId),
      readView: async (viewId) => (await own.viewsOf([viewId], 10_000))[0],
      close: () => own.close(),
    }
  },
  { runs: 12 },
)

describe('OpenSearch', () => {
  it('is set up again and again, and says what it has not', async () => {
    const said = await setUp(index.client, { retentionDays: 30, replicas: 0 })
    expect(said).toEqual([
      'Index template viewbeat-events is there',
      'Index template viewbeat-views is there',
      expect.stringContaining('No retention policy'),
    ])
  })

  it('that has no shard left for a new day gets its events once it has, and none is refused', async () => {
    const limitTo = (count: number | null) =>
      index.client.cluster.putSettings({ body: { persistent: { 'cluster.max_shards_per_node': count } } })
    const { sink, quarantined } = openSink(index)
    const view = aView()
    for (const event of view.batch.events) event.ts += 86_400_000
    await limitTo(1)
    try {
      expect(await sink(streamEvent([view]), invocation(8000))).toEqual({
        batchItemFailures: [{ itemIdentifier: '100' }],
      })
    } finally {
      await limitTo(null)
    }
    expect(quarantined).toEqual([])
    expect(await sink(streamEvent([view]))).toEqual({ batchItemFailures: [] })
    expect(await search(index, view.batch.view_id)).toHaveLength(view.batch.events.length)
  })

  it('does not learn fields that the schema does not have', async () => {
    const { sink } = openSink(index)
    const mappings = async () => {
      const { body } = await index.client.indices.getMapping({ index: 'viewbeat-*' })
      return Object.fromEntries(Object.entries(body).map(([name, { mappings }]) => [name, mappings]))
    }
    await sink(streamEvent([aView()]))
    const before = await mappings()
    const view = aView()
    view.batch.events[0] = { ...view.batch.events[0]!, brand_new: { deep: 1 } } as never
    await sink(streamEvent([view]))
    expect(await mappings()).toEqual(before)
    expect((await search(index, view.batch.view_id))[0]).toMatchObject({ brand_new: { deep: 1 } })
  })

  it('has an event that the schema does not know in full, even where its fields are of another kind', async () => {
    const { sink, quarantined } = openSink(index)
    const view = part(aView(), 0, 1)
    const event = { ...view.batch.events[0]!, type: 'com.example', seek_count: 'many', playhead_ms: '1 s' }
    await sink(streamEvent([{ ...view, batch: { ...view.batch, events: [event as never] } }]))
    expect(await search(index, view.batch.view_id)).toMatchObject([{ playhead_ms: '1 s' }])
    expect(quarantined).toEqual([])
  })

  it('answers a query by the fields of the schema', async () => {
    const { sink } = openSink(index)
    const view = aView({ publisher: 'asked' })
    await sink(streamEvent([view]))
    await index.client.indices.refresh({ index: 'viewbeat-*' })
    const { body } = await index.client.search({
      index: 'viewbeat-views',
      body: {
        query: {
          bool: {
            filter: [
              { term: { publisher: { value: 'asked' } } },
              { range: { started_at: { lte: Date.now() } } },
            ],
          },
        },
        aggs: { startup: { avg: { field: 'startup_ms' } } },
      },
    })
    const { startup_ms } = foldView(flattenRecord(view))!
    expect(body.aggregations).toMatchObject({ startup: { value: startup_ms } })
  })

  it('sends again only what was asked to come later, of an answer of 201, 409, 400 and 429', async () => {
    const sent: string[][] = []
    let throttled = 0
    const view = part(aView(), 0, 5)
    view.batch.events[3] = unstorable(3)
    const idOf = (seq: number) => `${view.batch.view_id}-${seq}`
    const { sink, quarantined } = openSink({
      ...index,
      async bulk(operations, timeoutMs) {
        sent.push(operations.map(({ id }) => id))
        // The real engine answers all but one: that one it has no room for, twice.
        const turned = operations.filter(({ id }) => id === idOf(2) && throttled < 2)
        throttled += turned.length
        const answers = await index.bulk(
          operations.filter((operation) => !turned.includes(operation)),
          timeoutMs,
        )
        return operations.map(
          (operation): BulkItem =>
            turned.includes(operation)
              ? { status: 429, type: 'rejected_execution_exception' }
              : answers.shift()!,
        )
      },
    })
    const { sink: before } = openSink(index)
    await before(streamEvent([part(view, 1, 2)]))
    const statuses = streamEvent([view])
    expect(await sink(statuses)).toEqual({ batchItemFailures: [] })
    expect(sent.slice(0, 3)).toEqual([
      expect.arrayContaining([idOf(0), idOf(1), idOf(2)]),
      [idOf(2)],
      [idOf(2)],
    ])
    expect((await search(index, view.batch.view_id)).map(({ seq }) => seq).toSorted()).toEqual([0, 1, 2, 4])
    expect(quarantined).toMatchObject([
      { stage: 'search', seqs: [3], rejections: [{ message: 'mapper_parsing_exception' }] },
    ])
  })

  it('deletes the records of views that are old', async () => {
    const { sink } = openSink(index)
    const old = aView({ received_at: Date.UTC(2020, 0, 1) })
    const young = aView()
    await sink(streamEvent([old, young]))
    await index.client.indices.refresh({ index: 'viewbeat-*' })
    const now = young.received_at
    expect(await expireViews(index.client, 30, now)).toBeGreaterThan(0)
    const left = await index.viewsOf([old.batch.view_id, young.batch.view_id], 10_000)
    expect(left.map(({ view_id }) => view_id)).toEqual([young.batch.view_id])
  })

  it('reads the events of a view that has more of them than a page', async () => {
    const { sink } = openSink(index)
    const view = aView()
    const [first] = view.batch.events
    const records: StreamRecord[] = Array.from({ length: 5 }, (_, batch) => ({
      ...view,
      batch: {
        ...view.batch,
        events: Array.from({ length: 450 }, (_, place) => ({ ...first!, seq: 450 * batch + place })),
      },
    }))
    await sink(streamEvent(records))
    const found = await index.eventsOf([view.batch.view_id], 30_000)
    expect(new Set(found.map(({ seq }) => seq)).size).toBe(2250)
    expect(found).toHaveLength(2250)
    const some = await index.eventsOf([view.batch.view_id], 30_000, 1200)
    expect(some).toHaveLength(2000)
  })

  it('is reported when it is gone in the middle, and has everything after it came back', async () => {
    const engine = await startOpenSearch({ heap: '512m' })
    const own = openSearchIndex({ url: engine.url })
    try {
      await setUp(own.client, { retentionDays: 30, replicas: 0 })
      const records = Array.from({ length: 40 }, () => aView())
      let calls = 0
      const dying: SearchIndex = {
        ...own,
        async bulk(operations, timeoutMs) {
          const answer = own.bulk(operations, timeoutMs)
          if (++calls === 3) void engine.kill()
          return answer
        },
      }
      const { sink } = openSink(dying)
      const invocations = Array.from({ length: 10 }, (_, part) => records.slice(part * 4, part * 4 + 4))
      const answers = []
      for (const [place, part] of invocations.entries())
        answers.push(await sink(streamEvent(part), invocation(place < 2 ? 60_000 : 2000)))
      expect(answers[0]).toEqual({ batchItemFailures: [] })
      expect(answers.at(-1)).toEqual({ batchItemFailures: [{ itemIdentifier: '100' }] })

      await sleep(100)
      const again = await startOpenSearch({ heap: '512m', folder: engine.folder, port: engine.port })
      try {
        const { sink: resumed } = openSink(own)
        for (const [place, part] of invocations.entries())
          if (answers[place]!.batchItemFailures.length > 0)
            expect(await resumed(streamEvent(part))).toEqual({ batchItemFailures: [] })
        for (const record of records) {
          const { view_id } = record.batch
          expect(await search(own, view_id)).toHaveLength(record.batch.events.length)
          expect(await own.viewsOf([view_id], 10_000)).toEqual([foldView(flattenRecord(record))])
        }
      } finally {
        await again.stop()
      }
    } finally {
      await own.close()
      await engine.stop()
    }
  })
})
