import type { OutgoingRecord } from '@viewbeat/ingest-lambda'
import { expect, it } from 'vitest'
import { putAgain } from './putAgain.ts'

const records = (count: number, bytes = 10): OutgoingRecord[] =>
  Array.from({ length: count }, (_, n) => ({ partitionKey: String(n), data: new Uint8Array(bytes) }))

type Around = Parameters<typeof putAgain>[0]

const again = (left: OutgoingRecord[], given: Pick<Around, 'put'> & Partial<Around>) =>
  putAgain({ ...around, unsettled: () => left, ...given })

const around = { now: () => 0, sleep: async () => {}, log: () => {}, signal: new AbortController().signal }

it('what an earlier run left is put in its order, in calls that a slow stream can take', async () => {
  const calls: number[] = []
  const seen: string[] = []
  const put = async (given: readonly OutgoingRecord[]) => {
    calls.push(given.length)
    seen.push(...given.map(({ partitionKey }) => partitionKey))
    return { left: [], retried: 0 }
  }
  await again(records(120), { put })
  expect(calls).toEqual([50, 50, 20])
  expect(seen).toEqual(records(120).map(({ partitionKey }) => partitionKey))
  calls.length = 0
  await again(records(3, 100_000), { put })
  expect(calls).toEqual([1, 1, 1])
})

it('only what the stream did not take is put again, until it does', async () => {
  const seen: string[] = []
  const logged: string[] = []
  let refusals = 3
  const put = async (given: readonly OutgoingRecord[]) => {
    const left = refusals-- > 0 ? given.slice(1) : []
    seen.push(...given.filter((record) => !left.includes(record)).map(({ partitionKey }) => partitionKey))
    return { left, retried: 0, cause: 'throttled' }
  }
  await again(records(5), { put, log: (message) => void logged.push(message) })
  expect(seen).toEqual(['0', '1', '2', '3', '4'])
  expect(logged).toHaveLength(3)
})

it('what the sinks have found on the stream meanwhile is not put again', async () => {
  const left = records(60)
  const slept: number[] = []
  const seen: string[] = []
  await again(left, {
    sleep: async (ms) => {
      slept.push(ms)
      left.splice(0, 20)
    },
    put: async (given) => {
      seen.push(...given.map(({ partitionKey }) => partitionKey))
      return { left: [], retried: 0 }
    },
  })
  expect(slept).toEqual([2000])
  expect(seen[0]).toBe('20')
  expect(seen).toHaveLength(40)
})

it('nothing more is put once it is to stop', async () => {
  const stop = new AbortController()
  let calls = 0
  const put = async (given: readonly OutgoingRecord[]) => {
    calls++
    stop.abort()
    return { left: [...given], retried: 0 }
  }
  await again(records(5), { put, signal: stop.signal })
  expect(calls).toBe(1)
})
