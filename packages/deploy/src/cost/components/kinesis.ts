import { charge } from '../charge.ts'
import { count } from '../format.ts'
import { explained, type Line, line } from '../line.ts'
import { DAYS, GB, HOURS, SECONDS } from '../month.ts'
import type { Settings } from '../settings.ts'
import type { Traffic } from '../trafficOf.ts'

/** What one shard takes in a second. https://docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html */
const SHARD_BYTES = 1e6
const SHARD_RECORDS = 1000

/** Shards that the peak needs: by bytes or by records, whichever is more. */
export const shardsFor = (
  { records, recordBytes }: Pick<Traffic, 'records' | 'recordBytes'>,
  peak: number,
): { shards: number; why: string } => {
  const bytes = (recordBytes / SECONDS) * peak
  const each = (records / SECONDS) * peak
  const shards = Math.max(1, Math.ceil(bytes / SHARD_BYTES), Math.ceil(each / SHARD_RECORDS))
  return { shards, why: `${count(each)} records/s, ${count(bytes / 1e6)} MB/s at peak` }
}

/** The stream by shards and on demand; the one that was not chosen is shown and not counted. */
export const kinesis = (
  traffic: Pick<Traffic, 'records' | 'recordBytes' | 'recordKib' | 'recordUnits'>,
  settings: Pick<Settings, 'peak' | 'capacity' | 'shards' | 'readers' | 'retentionDays'>,
): Line[] => {
  const { capacity, readers, retentionDays } = settings
  const isProvisioned = capacity === 'provisioned'
  const needed = shardsFor(traffic, settings.peak)
  const shards = settings.shards ?? needed.shards
  const shardHours = `${count(shards)} × ${HOURS} h`
  const gb = (traffic.recordKib * 1024) / GB
  const kept = (gb / DAYS) * (retentionDays - 1)
  return [
    explained(
      needed.why,
      line('Kinesis shards', charge('shardHour', shards * HOURS, shardHours), isProvisioned),
    ),
    line('Kinesis PUT units', charge('putUnit', traffic.recordUnits), isProvisioned),
    ...(retentionDays > 1
      ? [
          line(
            `Kinesis ${retentionDays} days`,
            charge('shardHourRetained', shards * HOURS, shardHours),
            isProvisioned,
          ),
        ]
      : []),
    line(
      'Kinesis on demand',
      [charge('onDemandStreamHour', HOURS, `${HOURS} h`), charge('onDemandIn', gb, `${count(gb)} GB in`)],
      !isProvisioned,
    ),
    line(
      `  ${readers} readers`,
      charge('onDemandOut', gb * readers, `${readers} × ${count(gb)} GB`),
      !isProvisioned,
    ),
    ...(retentionDays > 1
      ? [
          line(
            `  ${retentionDays} days`,
            charge(
              'onDemandRetained',
              kept,
              `${count(gb / DAYS)} GB a day × ${count(retentionDays - 1)} days more`,
            ),
            !isProvisioned,
          ),
        ]
      : []),
  ]
}
