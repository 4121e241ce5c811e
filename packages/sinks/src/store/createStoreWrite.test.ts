import type { FlatEvent } from '@viewbeat/schema'
import { describe, expect, it } from 'vitest'
import { aView } from '../../test/views.ts'
import { createStoreWrite } from './createStoreWrite.ts'

const placed = Array.from({ length: 4 }, (_, place) => ({
  shardId: 'shardId-000000000000',
  sequenceNumber: String(100 + place),
  record: aView(),
}))

/** A store that fails as it is told. */
const bench = (faultOf: (events: FlatEvent[]) => Error | undefined) => {
  const written: FlatEvent[] = []
  let calls = 0
  const write = createStoreWrite({
    async write(events) {
      calls++
      const fault = faultOf(events)
      if (fault) throw fault
      written.push(...events)
    },
  })
  return { written, calls: () => calls, write: () => write(placed, 60_000) }
}

const has = (events: FlatEvent[], place: number, seq: number) =>
  events.some((event) => event.view_id === placed[place]!.record.batch.view_id && event.seq === seq)

describe('writing records into the embedded store', () => {
  it.each([
    'IO Error: No space left on device',
    'Out of Memory Error: failed to allocate',
    'FATAL Error: database has been invalidated',
    'INTERNAL Error: assertion',
  ])('hands all of them back, after one try, on "%s"', async (message) => {
    const { write, calls } = bench(() => new Error(message))
    expect(await write()).toMatchObject({
      failed: ['100', '101', '102', '103'],
      refused: [],
      reason: message,
    })
    expect(calls()).toBe(1)
  })

  it('finds the events that it can never take, and stores all the others', async () => {
    const { write, written } = bench((events) =>
      has(events, 1, 4) || has(events, 3, 0)
        ? new Error("Conversion Error: Could not convert 'x'")
        : undefined,
    )
    const { failed, refused } = await write()
    expect(failed).toEqual([])
    expect(refused).toMatchObject([
      { sequence_number: '101', seqs: [4], rejections: [{ message: 'Conversion Error' }] },
      { sequence_number: '103', seqs: [0] },
    ])
    expect(written).toHaveLength(4 * placed[0]!.record.batch.events.length - 2)
  })

  it('hands back the records that it could not store while it was looking for the one at fault', async () => {
    let full = false
    const { write } = bench((events) => {
      if (full) return new Error('IO Error: No space left on device')
      if (!has(events, 2, 1)) return undefined
      full = events.length === 1
      return new Error('Constraint Error: told')
    })
    const { failed, refused } = await write()
    expect(failed).toEqual(['102', '103'])
    expect(refused).toEqual([])
  })
})
