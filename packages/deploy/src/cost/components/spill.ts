import { charge } from '../charge.ts'
import { count } from '../format.ts'
import { explained, type Line, line } from '../line.ts'
import { DAYS } from '../month.ts'
import type { Settings } from '../settings.ts'
import type { Traffic } from '../trafficOf.ts'

/** The schedule of the function that empties the spill store: each time it looks whether there is anything. */
const LISTS = DAYS * 24 * 60

/** Records that the stream did not take: an object for each request, read again and put. */
export const spill = (
  { requests, records }: Pick<Traffic, 'requests' | 'records'>,
  { spillShare }: Pick<Settings, 'spillShare'>,
): Line[] => {
  const objects = Math.min(requests, records) * spillShare
  return [
    explained(
      `${count(spillShare * 100)} % of requests, and a look a minute`,
      line('spill S3', [charge('s3Put', objects + LISTS), ...(objects ? [charge('s3Get', objects)] : [])]),
    ),
  ]
}
