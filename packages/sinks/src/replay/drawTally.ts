import { plural } from '@viewbeat/ingest-lambda/cli'
import type { Tally } from './replay.ts'

const inWords = (ms: number) => {
  const seconds = Math.round(ms / 1000)
  if (seconds < 90) return `${seconds} s`
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`
  return `${(seconds / 3600).toFixed(1)} h`
}

/** A replay in a line, for people who look on; `elapsed_ms` of this run. */
export const drawTally = ({ objects, total, run }: Tally, elapsed_ms: number): string => {
  const perSecond = elapsed_ms > 0 ? Math.round((run.events / elapsed_ms) * 1000) : 0
  // By bytes, because objects of a quiet night are small.
  const left = run.bytes > 0 ? (elapsed_ms * (total.bytes - run.bytes)) / run.bytes : undefined
  return [
    `${objects.toLocaleString('en')} of ${plural(total.objects, 'object')}`,
    plural(run.events, 'event'),
    `${perSecond.toLocaleString('en')} events/s`,
    ...(left === undefined ? [] : [`${inWords(left)} left`]),
  ].join(', ')
}
