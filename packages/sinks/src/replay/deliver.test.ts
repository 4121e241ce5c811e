import type { KinesisStreamEvent } from 'aws-lambda'
import { describe, expect, it } from 'vitest'
import { aRecord } from '../../test/streamEvent.ts'
import { createStoreSink } from '../store/createStoreSink.ts'
import { deliver, UnavailableSinkError } from './deliver.ts'

const records = ['a', 'b', 'c', 'd'].map((name) => ({ name, record: aRecord() }))
const namesOf = ({ Records }: KinesisStreamEvent) =>
  Records.map(({ kinesis }) => kinesis.sequenceNumber).join('')

/** Waits for nothing, and notes for how long. */
const waiting = () => {
  const waits: number[] = []
  return { waits, wait: async (ms: number) => void waits.push(ms) }
}

describe('deliver', () => {
  it('hands a sink again from the lowest record that it could not store', async () => {
    const seen: string[] = []
    const failing = ['c', 'c', 'd']
    const { waits, wait } = waiting()
    await deliver(
      async (event) => {
        seen.push(namesOf(event))
        const itemIdentifier = failing.shift()
        return { batchItemFailures: itemIdentifier ? [{ itemIdentifier }] : [] }
      },
      records,
      wait,
    )
    expect(seen).toEqual(['abcd', 'cd', 'cd', 'd'])
    expect(waits).toEqual([500, 1000, 500])
  })

  it('gives up a store that is down for long', async () => {
    let tries = 0
    const store = {
      write: async () => {
        tries++
        throw new Error('down')
      },
    }
    const sink = createStoreSink({ store: store as never, quarantine: { put: async () => {} } })
    await expect(deliver(sink, records, waiting().wait)).rejects.toThrow(UnavailableSinkError)
    expect(tries).toBeGreaterThanOrEqual(10)
  })

  it('tries again when the sink rejects, because quarantine was down', async () => {
    let tries = 0
    const { wait, waits } = waiting()
    await deliver(
      async () => {
        if (++tries < 3) throw new Error('quarantine is down')
        return { batchItemFailures: [] }
      },
      records,
      wait,
    )
    expect(waits).toEqual([500, 1000])
  })

  it('ends when the run is to end', async () => {
    const sink = async () => ({ batchItemFailures: [{ itemIdentifier: 'a' }] })
    const wait = () => Promise.reject(new Error('interrupted'))
    await expect(deliver(sink, records, wait)).rejects.toThrow('interrupted')
  })
})
