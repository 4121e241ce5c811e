import { randomBytes } from 'node:crypto'
import { gunzipSync } from 'node:zlib'
import { firehoseQuarantine } from '@viewbeat/ingest-lambda/quarantine'
import { describe, expect, it } from 'vitest'
import { aRecord, streamEvent } from '../../test/streamEvent.ts'
import { createSink } from './createSink.ts'

/** What a record and a call may hold: https://docs.aws.amazon.com/firehose/latest/dev/limits.html */
const MAX_RECORD_BYTES = 1000 * 1024
const MAX_CALL_BYTES = 4 * 1024 * 1024

/** A delivery stream that holds to its limits; a fake, because there is no Firehose to run here. */
const openFirehose = () => {
  const lines: string[] = []
  const call = async (_service: string, _action: string, input: string) => {
    const { Records } = JSON.parse(input) as { Records: { Data: string }[] }
    const bytes = Records.map(({ Data }) => Buffer.from(Data, 'base64'))
    if (bytes.some(({ length }) => length > MAX_RECORD_BYTES)) throw new Error('record too large')
    if (bytes.reduce((sum, { length }) => sum + length, 0) > MAX_CALL_BYTES) throw new Error('call too large')
    lines.push(...bytes.map(String))
    return { RequestResponses: Records.map(() => ({})) }
  }
  return { aws: { call } as unknown as Parameters<typeof firehoseQuarantine>[0], lines }
}

describe('poison as large as a stream takes', () => {
  it('is kept with its bytes in quarantine and holds up nothing', async () => {
    const { aws, lines } = openFirehose()
    const sink = createSink({
      stage: 'archive',
      write: async () => ({ failed: [], refused: [] }),
      quarantine: firehoseQuarantine(aws, 'refused', { wait: async () => {} }),
      now: () => 1,
    })
    // Bytes that cannot be made smaller: as base64 they are a third larger than a delivery stream's record may be.
    const poison = randomBytes(1024 * 1024)
    expect(await sink(streamEvent([aRecord(), poison, aRecord()]))).toEqual({ batchItemFailures: [] })

    const parts = lines.map((line) => JSON.parse(line)).toSorted((a, b) => a.part.index - b.part.index)
    expect(parts.length).toBeGreaterThan(1)
    const whole = Buffer.concat(parts.map(({ part }) => Buffer.from(part.gzip_base64, 'base64')))
    const entry = JSON.parse(gunzipSync(whole).toString())
    expect(entry).toMatchObject({ stage: 'archive', sequence_number: '101' })
    expect(Buffer.from(entry.body_base64, 'base64').equals(poison)).toBe(true)
  })
})
