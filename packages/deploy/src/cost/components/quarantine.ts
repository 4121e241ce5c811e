import { charge } from '../charge.ts'
import { count } from '../format.ts'
import { explained, type Line, line } from '../line.ts'
import { DAYS, GB } from '../month.ts'
import type { Settings } from '../settings.ts'
import type { Traffic } from '../trafficOf.ts'

/** Firehose bills each record in steps of 5 KiB. */
const STEP_BYTES = 5 * 1024

/** What an entry has beside the event: the reason, the key, the times. */
const REASON_BYTES = 400

/** Rejected events on their way to the bucket, and there. */
export const quarantine = (
  { events, records, recordBytes }: Pick<Traffic, 'events' | 'records' | 'recordBytes'>,
  { quarantineShare, quarantineDays }: Pick<Settings, 'quarantineShare' | 'quarantineDays'>,
): Line[] => {
  const entries = events * quarantineShare
  const bytes = (records ? recordBytes / records : 0) + REASON_BYTES
  const billed = (entries * Math.ceil(bytes / STEP_BYTES) * STEP_BYTES) / GB
  const stored = ((entries * bytes) / GB / DAYS) * quarantineDays
  return [
    explained(
      `${count(quarantineShare * 100)} % of ${count(events)} events, an entry each`,
      line('quarantine Firehose', charge('firehoseIn', billed, `${count(billed)} GB`)),
    ),
    line('quarantine S3', charge('s3Stored', stored, `${count(quarantineDays)} days, ${count(stored)} GB`)),
  ]
}
