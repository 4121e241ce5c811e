import { describe, expect, it } from 'vitest'
import type { OutgoingRecord } from '../records/toRecord.ts'
import { createPutRecords } from './putRecords.ts'
import { splitCalls } from './splitCalls.ts'

const record = (name: string, size = 10): OutgoingRecord => ({
  partitionKey: name,
  data: new Uint8Array(size),
})
const names = (records: OutgoingRecord[]) => records.map(({ partitionKey }) => partitionKey)
const ten = Array.from({ length: 10 }, (_, index) => record(`r${index}`))

/** A stream that fails records by name so many times; a fake, because no local stream fails a part of a call. */
const flakyStream = (failures: Record<string, number>) => {
  const calls: string[][] = []
  const taken: string[] = []
  return {
    calls,
    taken,
    call: async (records: OutgoingRecord[]) => {
      calls.push(names(records))
      return {
        Records: names(records).map((name) => {
          const left = failures[name] ?? 0
          if (left > 0) {
            failures[name] = left - 1
            return { ErrorCode: 'ProvisionedThroughputExceededException', ErrorMessage: 'slow down' }
          }
          taken.push(name)
          return { SequenceNumber: '1', ShardId: 's' }
        }),
      }
    },
  }
}
const wait = async () => {}

describe('putRecords', () => {
  it('sends again only the records that failed', async () => {
    const stream = flakyStream({ r2: 2, r7: 2 })
    await createPutRecords({ call: stream.call, wait })(ten)
    expect(stream.calls).toEqual([names(ten), ['r2', 'r7'], ['r2', 'r7']])
    expect(stream.taken.toSorted()).toEqual(names(ten))
  })

  it('waits with jitter, longer each time', async () => {
    const waits: number[] = []
    const stream = flakyStream({ r0: 3 })
    const wait = async (ms: number) => void waits.push(ms)
    await createPutRecords({ call: stream.call, wait, random: () => 1 })(ten)
    expect(waits).toEqual([100, 200, 400])
  })

  it('rejects when records are left after the last attempt, and says how many', async () => {
    const stream = flakyStream({ r0: 99, r1: 99 })
    await expect(createPutRecords({ call: stream.call, wait })(ten)).rejects.toThrow('2 of 10 records')
  })

  it('sends a call again that failed as a whole', async () => {
    const stream = flakyStream({})
    let down = 2
    const call = async (records: OutgoingRecord[]) => {
      if (down-- > 0) throw new Error('socket hang up')
      return stream.call(records)
    }
    await createPutRecords({ call, wait })(ten)
    expect(stream.taken).toEqual(names(ten))
  })

  it('does not believe an answer that does not account for every record', async () => {
    const call = async () => ({ Records: [] })
    await expect(createPutRecords({ call, wait })(ten)).rejects.toThrow('10 of 10')
  })
})

describe('splitCalls', () => {
  it('keeps to the count', () => {
    expect(splitCalls(ten, { records: 4, bytes: 1e6 }).map(names)).toEqual([
      ['r0', 'r1', 'r2', 'r3'],
      ['r4', 'r5', 'r6', 'r7'],
      ['r8', 'r9'],
    ])
  })

  it('keeps to the bytes, partition keys counted', () => {
    const records = [record('aa', 8), record('bb', 8), record('cc', 8)]
    expect(splitCalls(records, { records: 500, bytes: 20 }).map(names)).toEqual([['aa', 'bb'], ['cc']])
    expect(splitCalls(records, { records: 500, bytes: 19 }).map(names)).toEqual([['aa'], ['bb'], ['cc']])
  })
})
