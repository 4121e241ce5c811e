import { charge } from '../charge.ts'
import { count } from '../format.ts'
import { explained, type Line, line } from '../line.ts'
import { DAYS, GB, HOURS, SECONDS } from '../month.ts'
import type { Settings } from '../settings.ts'
import type { Traffic } from '../trafficOf.ts'

/** What Lambda hands in at once, bytes, and what it puts around each record, base64 counted. */
const PAYLOAD_BYTES = 6e6
const AROUND_BYTES = 500

/** What a stream on demand begins with, and what one shard takes, bytes/s. */
const SHARDS = 4
const SHARD_BYTES = 1e6

/** Steps by which Firehose bills records, bytes; what the transformation gets at once; what an object is, at most. */
const STEP_BYTES = 5 * 1024
const TRANSFORMED_BYTES = 0.5 * 1024 * 1024
const OBJECT_BYTES = 64 * 1024 * 1024

/** Months in S3 Standard, and until Glacier Instant Retrieval: the stack's defaults of 90 and 365 days. */
const STANDARD_MONTHS = 90 / DAYS
const GLACIER_MONTHS = 365 / DAYS

type Records = Pick<Traffic, 'records' | 'recordBytes' | 'events'>

/** Shards that are read: as many as the traffic needs, though no fewer than the stream begins with. */
const shardsOf = ({ recordBytes }: Records, { capacity, shards, peak }: Settings) =>
  shards ??
  Math.max(capacity === 'on-demand' ? SHARDS : 1, Math.ceil((recordBytes / SECONDS) * (peak / SHARD_BYTES)))

/** Invocations: one for each shard and window, more where a window has more than Lambda hands in at once. */
const invocationsOf = (traffic: Records, settings: Settings, windowS: number) => {
  const handedIn = (traffic.recordBytes * 4) / 3 + traffic.records * AROUND_BYTES
  const windows = (SECONDS / Math.max(1, windowS)) * shardsOf(traffic, settings)
  return Math.min(traffic.records, windows) + handedIn / PAYLOAD_BYTES
}

const functionLine = (
  what: string,
  traffic: Records,
  invocations: number,
  waitMs: number,
  settings: Settings,
): Line => {
  const gb = settings.sinkMemoryMb / 1024
  const seconds = (invocations * waitMs + traffic.events * settings.sinkEventMs) / 1000
  const how = `(${count(invocations)} × ${count(waitMs)} ms + ${count(traffic.events)} × ${count(settings.sinkEventMs)} ms) × ${count(gb)} GB`
  return line(what, [charge('lambdaRequest', invocations), charge('lambdaTime', seconds * gb, how)])
}

/** What is in the archive after so many months, by how old it is. */
const storage = (objects: number, { events }: Records, { archiveMonths, archivedBytes }: Settings): Line => {
  const gb = (events * archivedBytes) / GB
  const standard = Math.min(archiveMonths, STANDARD_MONTHS)
  const infrequent = Math.max(0, Math.min(archiveMonths, GLACIER_MONTHS) - STANDARD_MONTHS)
  const glacier = Math.max(0, archiveMonths - GLACIER_MONTHS)
  return explained(
    `${count(gb)} GB a month, of ${count(archiveMonths)} months`,
    line('archive S3', [
      charge('s3Stored', gb * standard),
      ...(infrequent > 0
        ? [charge('s3StoredInfrequent', gb * infrequent), charge('s3ToInfrequent', objects)]
        : []),
      ...(glacier > 0 ? [charge('s3StoredGlacier', gb * glacier), charge('s3ToGlacier', objects)] : []),
    ]),
  )
}

/** The archive: what writes it, and what is in it by now. */
export const archive = (traffic: Records, settings: Settings): Line[] => {
  if (settings.archive === 'off') return []
  const { archiveWindowS, flatBytes } = settings
  if (settings.archive === 'lambda') {
    const invocations = invocationsOf(traffic, settings, archiveWindowS)
    return [
      functionLine('archive Lambda', traffic, invocations, settings.archiveMs, settings),
      explained('an object an invocation', line('archive PUTs', charge('s3Put', invocations))),
      storage(invocations, traffic, settings),
    ]
  }
  const bytes = traffic.records ? traffic.recordBytes / traffic.records : 0
  const billed = (traffic.records * Math.ceil(bytes / STEP_BYTES) * STEP_BYTES) / GB
  const delivered = traffic.events * flatBytes
  const objects = SECONDS / Math.max(60, archiveWindowS) + delivered / OBJECT_BYTES
  return [
    line('archive Firehose', [
      charge('firehoseIn', billed, `${count(billed)} GB in`),
      charge('firehosePartitioned', delivered / GB, `${count(delivered / GB)} GB out`),
      charge('firehoseObject', objects),
    ]),
    functionLine(
      'archive Lambda',
      traffic,
      traffic.recordBytes / TRANSFORMED_BYTES,
      settings.archiveMs,
      settings,
    ),
    line('archive PUTs', charge('s3Put', objects)),
    storage(objects, traffic, settings),
  ]
}

/** Search: the function, and the nodes that it writes to. */
export const search = (traffic: Records, settings: Settings): Line[] => {
  const { searchNodes, searchNodeUsd, searchVolumeGb, searchMs } = settings
  if (searchNodes === 0) return []
  const hours = searchNodes * HOURS
  const nodes = line('search nodes', [
    charge('searchNodeHour', hours, `${count(searchNodes)} × ${HOURS} h`),
    charge(
      'searchVolume',
      searchNodes * searchVolumeGb,
      `${count(searchNodes)} × ${count(searchVolumeGb)} GB`,
    ),
  ])
  const volumes = charge('searchVolume', searchNodes * searchVolumeGb)
  return [
    functionLine('search Lambda', traffic, invocationsOf(traffic, settings, 1), searchMs, settings),
    searchNodeUsd === undefined
      ? nodes
      : {
          ...nodes,
          words: `${count(searchNodes)} × ${HOURS} h × $${searchNodeUsd} + ${volumes.words}`,
          usd: hours * searchNodeUsd + volumes.usd,
          prices: ['searchVolume'],
        },
  ]
}
