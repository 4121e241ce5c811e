import { describe, expect, it } from 'vitest'
import { bulkAll } from './bulkAll.ts'
import { type BulkItem, type BulkOperation, type SearchIndex, SearchIndexError } from './searchIndex.ts'

const CREATED: BulkItem = { status: 201 }

const operationsOf = (count: number, document = '{}'): BulkOperation[] =>
  Array.from({ length: count }, (_, number) => ({ op: 'create', index: 'i', id: String(number), document }))

/** An index that answers as it is told, and a clock that only waiting moves. */
const bench = (answer: (operations: readonly BulkOperation[], call: number) => BulkItem[] | Error) => {
  const calls: string[][] = []
  const pauses: number[] = []
  let time = 0
  const index: Pick<SearchIndex, 'bulk'> = {
    async bulk(operations) {
      calls.push(operations.map(({ id }) => id))
      const said = answer(operations, calls.length)
      if (said instanceof Error) throw said
      return said
    },
  }
  const patience = {
    now: () => time,
    wait: async (ms: number) => {
      pauses.push(ms)
      time += ms
    },
    random: () => 1,
  }
  const write = (operations: BulkOperation[], deadline = 60_000) =>
    bulkAll(index, operations, deadline, patience)
  return { write, calls, pauses }
}

const statusOf = (item: BulkItem | undefined) => item?.status

describe('writing in bulk', () => {
  it('sends again only the items that may work later', async () => {
    const replies: Record<string, number[]> = {
      0: [201],
      1: [429, 201],
      2: [400],
      3: [409],
      4: [503, 500, 200],
    }
    const { write, calls } = bench((operations) =>
      operations.map(({ id }) => ({ status: replies[id]!.shift()! })),
    )
    const { items, rejections, reason } = await write(operationsOf(5))
    expect(calls).toEqual([['0', '1', '2', '3', '4'], ['1', '4'], ['4']])
    expect(items.map(statusOf)).toEqual([201, 201, 400, 409, 200])
    expect(rejections).toBe(3)
    expect(reason).toBeUndefined()
  })

  it.each(['validation_exception', 'index_closed_exception'])(
    'sends again what a cluster without room answers with 400 (%s), which is no fault of the document',
    async (type) => {
      const { write } = bench((operations, call) =>
        operations.map(({ id }) => (id === '0' && call < 3 ? { status: 400, type } : CREATED)),
      )
      expect((await write(operationsOf(2))).items.map(statusOf)).toEqual([201, 201])
      const full = bench((operations) => operations.map(() => ({ status: 400, type })))
      expect(await full.write(operationsOf(1))).toMatchObject({ items: [undefined], reason: `400 ${type}` })
    },
  )

  it('waits longer each time, and up to five seconds', async () => {
    const { write, pauses } = bench((operations) => operations.map(() => ({ status: 429 })))
    await write(operationsOf(1))
    expect(pauses.slice(0, 7)).toEqual([100, 200, 400, 800, 1600, 3200, 5000])
    expect(Math.max(...pauses)).toBe(5000)
  })

  it('says at the deadline what may not be stored, and why', async () => {
    const { write } = bench((operations) =>
      operations.map(({ id }) =>
        id === '1' ? { status: 429, type: 'rejected_execution_exception' } : CREATED,
      ),
    )
    const { items, reason } = await write(operationsOf(3), 2000)
    expect(items.map(statusOf)).toEqual([201, undefined, 201])
    expect(reason).toBe('429 rejected_execution_exception')
  })

  it.each([401, 403, 404, 408])(
    'takes %i for something that an operator mends, not for the document',
    async (status) => {
      const { write } = bench((_, call) => [call === 1 ? { status } : CREATED])
      expect((await write(operationsOf(1))).items).toEqual([CREATED])
    },
  )

  it('sends a call again that failed as a whole', async () => {
    const { write, calls } = bench((operations, call) =>
      call < 3 ? new Error('socket hang up') : operations.map(() => CREATED),
    )
    const { items, rejections } = await write(operationsOf(2))
    expect(calls).toEqual([
      ['0', '1'],
      ['0', '1'],
      ['0', '1'],
    ])
    expect(items.map(statusOf)).toEqual([201, 201])
    expect(rejections).toBe(4)
  })

  it('does not believe an answer that leaves something out', async () => {
    const { write } = bench(() => [CREATED])
    const { items, reason } = await write(operationsOf(2), 1000)
    expect(items).toEqual([undefined, undefined])
    expect(reason).toMatch('does not account')
  })

  it('halves what is too large for a call until it fits, and gives up on what alone does not', async () => {
    const { write } = bench((operations) =>
      operations.length > 3 || operations.some(({ id }) => id === '7')
        ? new SearchIndexError(413, '413')
        : operations.map(() => CREATED),
    )
    const { items } = await write(operationsOf(20, '{"a":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}'))
    expect(items.map(statusOf)).toEqual(Array.from({ length: 20 }, (_, number) => (number === 7 ? 413 : 201)))
  })

  it('keeps calls below 5 MiB and 2,000 operations, in their order', async () => {
    const large = operationsOf(12, `"${'a'.repeat(1024 * 1024)}"`)
    const { write, calls } = bench((operations) => operations.map(() => CREATED))
    await write(large)
    expect(calls.map(({ length }) => length)).toEqual([4, 4, 4])
    expect(calls.flat()).toEqual(large.map(({ id }) => id))
    calls.length = 0
    await write(operationsOf(4500))
    expect(calls.map(({ length }) => length)).toEqual([2000, 2000, 500])
  })

  it('asks nothing when there is nothing, and nothing after the deadline', async () => {
    const { write, calls } = bench(() => [])
    expect(await write([])).toEqual({ items: [], rejections: 0 })
    expect((await write(operationsOf(1), 0)).items).toEqual([undefined])
    expect(calls).toEqual([])
  })
})
