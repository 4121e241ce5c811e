import { foldView } from '@viewbeat/qoe'
import { flattenRecord, type StreamRecord } from '@viewbeat/schema'
import { describe, expect, it } from 'vitest'
import { aView, aViewWithoutTotals, part } from '../../test/views.ts'
import { createSearchWrite } from './createSearchWrite.ts'
import type { BulkItem, BulkOperation, SearchIndex } from './searchIndex.ts'

const place = (record: StreamRecord, number: number) => ({
  shardId: 'shardId-000000000000',
  sequenceNumber: String(100 + number),
  record,
})

/** An index that fails as it is told, and a clock that only waiting moves. */
const bench = (faults: Partial<SearchIndex>) => {
  let time = 0
  const stored: BulkOperation[] = []
  const index: SearchIndex = {
    async bulk(operations) {
      stored.push(...operations)
      return operations.map((): BulkItem => ({ status: 201 }))
    },
    eventsOf: async () => [],
    viewsOf: async () => [],
    ...faults,
  }
  const write = createSearchWrite({
    index,
    now: () => time,
    wait: async (ms) => {
      time += ms
    },
    random: () => 1,
  })
  return {
    stored,
    write: (...records: StreamRecord[]) => write(records.map(place), 10_000),
  }
}

const answerBy = (statusOf: (operation: BulkOperation) => number): Partial<SearchIndex> => ({
  bulk: async (operations) => operations.map((operation) => ({ status: statusOf(operation), type: 'told' })),
})

describe('writing records into a search index', () => {
  it('hands back the record of an event that found no room, and no other', async () => {
    const views = [aView(), aView(), aView()]
    const { write } = bench(answerBy(({ id }) => (id === `${views[1]!.batch.view_id}-7` ? 429 : 201)))
    expect(await write(...views)).toMatchObject({ failed: ['101'], refused: [], reason: '429 told' })
  })

  it('hands back every record that has a part in a view that found no room', async () => {
    const view = aView()
    const { write } = bench(answerBy(({ id }) => (id === view.batch.view_id ? 503 : 201)))
    const { failed } = await write(part(view, 0, 9), aView(), part(view, 9, 29))
    expect(failed).toEqual(['100', '102'])
  })

  it('does not put into quarantine yet what comes again anyway', async () => {
    const view = aView()
    const seqOf = ({ id }: BulkOperation) => id.split('-')[1]
    const { write } = bench(answerBy((operation) => ({ 3: 400, 5: 429 })[seqOf(operation) ?? ''] ?? 201))
    expect(await write(view)).toMatchObject({ failed: ['100'], refused: [] })
  })

  it('puts a record whose view is refused into quarantine once, whole', async () => {
    const view = aView()
    const { write } = bench(answerBy(({ op }) => (op === 'index' ? 400 : 201)))
    const { failed, refused } = await write(part(view, 0, 9), part(view, 9, 29))
    expect(failed).toEqual([])
    expect(refused).toMatchObject([
      { sequence_number: '101', seqs: [], rejections: [{ message: 'view: told' }] },
    ])
  })

  it('hands back a view without totals when what is stored of it cannot be read', async () => {
    const { write } = bench({ eventsOf: () => Promise.reject(new Error('no answer')) })
    expect(await write(aView(), aViewWithoutTotals())).toMatchObject({ failed: ['101'], reason: 'no answer' })
  })

  it('counts a view without totals from what it stored just now, where the index does not show it yet', async () => {
    const view = aViewWithoutTotals()
    const { write, stored } = bench({})
    await write(view)
    const [{ document } = { document: '' }] = stored.filter(({ op }) => op === 'index')
    expect(JSON.parse(document)).toEqual(JSON.parse(JSON.stringify(foldView(flattenRecord(view)))))
  })

  it('counts views some at a time, and leaves out one with too many events to read', async () => {
    const views = Array.from({ length: 120 }, aViewWithoutTotals)
    const crowded = views[60]!.batch.view_id
    const asked: number[] = []
    const [event] = flattenRecord(views[60]!)
    const { write, stored } = bench({
      eventsOf: async (viewIds, _, most = 0) => {
        asked.push(viewIds.length)
        return viewIds.includes(crowded) ? Array.from({ length: most + 1 }, () => event!) : []
      },
    })
    const { failed, refused } = await write(...views)
    expect(failed).toEqual([])
    expect(refused).toMatchObject([
      { sequence_number: '160', rejections: [{ message: 'view: too many events to count' }] },
    ])
    expect(Math.max(...asked)).toBe(50)
    expect(stored.filter(({ op }) => op === 'index')).toHaveLength(119)
  })

  it('refuses a record whose context would stand a hundredfold in its events, and writes the others', async () => {
    const view = aView()
    const [event] = view.batch.events
    view.batch.events = Array.from({ length: 500 }, (_, seq) => ({ ...event!, seq }))
    Object.assign(view.batch.context, { note: 'x'.repeat(400_000) })
    const { write, stored } = bench({})
    const { failed, refused } = await write(view, aView())
    expect(failed).toEqual([])
    expect(refused).toMatchObject([
      { sequence_number: '100', rejections: [{ message: 'too large with its context in each event' }] },
    ])
    expect(stored).toHaveLength(30)
  })

  it('refuses a record that no index can be named for, and writes the others', async () => {
    const nameless = { ...aView(), received_at: 1e300 }
    nameless.batch.events = nameless.batch.events.map((event) => ({ ...event, ts: 0 }))
    const { write, stored } = bench({})
    const { failed, refused } = await write(nameless, aView())
    expect(failed).toEqual([])
    expect(refused).toMatchObject([{ sequence_number: '100' }])
    expect(stored).toHaveLength(30)
  })

  it('refuses a record whose view has too long a name, which would fail the whole call', async () => {
    const long = aView()
    long.batch.view_id = 'A'.repeat(600)
    const { write, stored } = bench({})
    expect((await write(long, aView())).refused).toMatchObject([{ sequence_number: '100' }])
    expect(stored).toHaveLength(30)
  })
})
