import { gunzipSync } from 'node:zlib'
import { flattenRecord, type StreamRecord } from '@viewbeat/schema'
import { describe, expect, it } from 'vitest'
import { aRecord } from '../../test/streamEvent.ts'
import { openNdjsonGzip } from './openNdjsonGzip.ts'

const bodyOf = (records: StreamRecord[]) => {
  const body = openNdjsonGzip()
  for (const record of records) body.add(record)
  return body.end()
}

const textOf = (body: Buffer) => gunzipSync(body).toString()
const linesOf = (body: Buffer) =>
  textOf(body)
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))

/** A record whose context is large, so that written with each event it grows many times over. */
const aLargeRecord = (): StreamRecord => {
  const record = aRecord()
  const [event] = record.batch.events
  record.batch.events = Array.from({ length: 60 }, (_, seq) => ({ ...event!, seq }))
  Object.assign(record.batch.context, { ext: { note: 'ä'.repeat(50_000) } })
  return record
}

describe('the body of an object', () => {
  it('is the same for the same records', () => {
    expect(bodyOf([aRecord(), aRecord()])).toEqual(bodyOf([aRecord(), aRecord()]))
  })

  it('has a line for each event, a newline after each line', () => {
    const body = bodyOf([aRecord(), aRecord()])
    expect(textOf(body).endsWith('}\n')).toBe(true)
    expect(linesOf(body)).toEqual([...flattenRecord(aRecord()), ...flattenRecord(aRecord())])
  })

  it('has all lines where its text is too long to be held, in several members of gzip', () => {
    const body = bodyOf([aLargeRecord(), aRecord(), aLargeRecord()])
    expect(body.indexOf(Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0]), 1)).toBeGreaterThan(0)
    expect(linesOf(body).map(({ seq }) => seq)).toEqual(
      [aLargeRecord(), aRecord(), aLargeRecord()].flatMap(({ batch }) => batch.events.map(({ seq }) => seq)),
    )
  })

  it('of nothing is empty', () => {
    expect(textOf(bodyOf([]))).toBe('')
  })
})
