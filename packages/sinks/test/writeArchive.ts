import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { StreamRecord } from '@viewbeat/schema'
import { createArchiveSink } from '../src/archive/createArchiveSink.ts'
import { createFirehoseTransform } from '../src/archive/createFirehoseTransform.ts'
import { folderStore } from '../src/archive/folderStore.ts'
import { aRecord, streamEvent } from './streamEvent.ts'

const HOUR_MS = 3_600_000

/** The hour in which the first records are received. */
export const RECEIVED = Date.UTC(2026, 10, 22, 23, 30)

/** What the device's clock says in the view that comes three days late. */
export const LATE = Date.UTC(2026, 10, 19, 12)

const ofView = (view: number, received_at: number, ts = received_at): StreamRecord => {
  const { batch } = aRecord()
  const events = batch.events.map((event) => ({ ...event, ts: ts + event.t_ms }))
  return aRecord({ received_at, batch: { ...batch, view_id: `view-${view}`, events } })
}

/**
 * An archive such as comes of a bad day: 40 views of two hours, one of them three days late, the same records delivered
 * again with other edges and twice the same, a line with what a careless reader cuts at, an object of several gzip members, and
 * the first records by the delivery stream too. Into a folder of its own.
 */
export const writeArchive = async () => {
  const folder = await mkdtemp(join(tmpdir(), 'viewbeat-archive-'))
  const quarantine = { put: () => Promise.reject(new Error('nothing is refused here')) }
  const sink = createArchiveSink({ objects: folderStore(folder), quarantine })
  const records = Array.from({ length: 40 }, (_, view) =>
    ofView(view, RECEIVED + (view < 25 ? 0 : HOUR_MS), view === 7 ? LATE : undefined),
  )
  Object.assign(records[3]!.batch.context.content, { title: 'Ünïcode "quoted",\n\u2028 \\ 🎬' })
  for (const record of records.slice(30, 35))
    Object.assign(record.batch.context, { ext: { note: 'x'.repeat(60_000) } })

  const { Records } = streamEvent(records)
  for (const [from, to] of [
    [0, 40],
    [0, 40],
    [0, 20],
    [20, 40],
    [11, 29],
  ]) {
    const { batchItemFailures } = await sink({ Records: Records.slice(from, to) })
    if (batchItemFailures.length > 0) throw new Error('not written')
  }

  const { records: transformed } = await createFirehoseTransform()({
    invocationId: 'a',
    deliveryStreamArn: 'b',
    region: 'us-east-1',
    records: Records.slice(0, 10).map(({ kinesis }) => ({
      recordId: kinesis.sequenceNumber,
      approximateArrivalTimestamp: RECEIVED,
      data: kinesis.data,
    })),
  })
  const { dt, hour } = transformed[0]!.metadata!.partitionKeys
  const partition = join(folder, `events/dt=${dt}/hour=${hour}`)
  await mkdir(partition, { recursive: true })
  const delivered = Buffer.concat(transformed.map(({ data }) => Buffer.from(data!, 'base64')))
  await writeFile(
    join(partition, 'viewbeat-archive-1-2026-11-22-23-30-00-uuid.ndjson.gz'),
    gzipSync(delivered),
  )

  const eventsOf = (of: StreamRecord[]) => of.reduce((sum, { batch }) => sum + batch.events.length, 0)
  return {
    folder,
    truth: {
      events: eventsOf(records),
      /** Lines that are there, copies included; the second hour of 20 to 40 is the object that was there already. */
      lines: [records, records.slice(0, 25), records.slice(11, 29), records.slice(0, 10)]
        .map(eventsOf)
        .reduce((sum, events) => sum + events),
      perHour: [
        { dt: '2026-11-22', hour: 23, events: eventsOf(records.slice(0, 25)) },
        { dt: '2026-11-23', hour: 0, events: eventsOf(records.slice(25)) },
      ],
      late: records[7]!.batch.events.length,
      title: 'Ünïcode "quoted",\n\u2028 \\ 🎬',
    },
  }
}
