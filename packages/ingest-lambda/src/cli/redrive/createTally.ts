import { drawTable } from '../drawTable.ts'
import { plural } from '../output.ts'
import { foldPath } from '../report/foldPath.ts'
import type { Left } from './toPosts.ts'

/** Why events stay in quarantine, and where that was found: here, or by the ingest. */
interface Reason extends Left {
  by: 'here' | 'ingest'
  entries: number
}

/** Paths come from strangers: this many reasons are told apart, and the rest is summed up. */
const MAX_REASONS = 200

/** Counts what a run did. */
export const createTally = () => {
  const reasons = new Map<string, Reason>()
  const tally = {
    entries: 0,
    posts: 0,
    records: 0,
    landed: 0,
    landedBefore: 0,
    sampledOut: 0,
    left: 0,
    broken: 0,
  }
  return {
    tally,
    leave: (by: Reason['by'], { code, path, message, events }: Left) => {
      tally.left += Math.max(1, events)
      const place = foldPath(path)
      const wanted = JSON.stringify([by, code, place])
      const isNew = !reasons.has(wanted)
      const key = isNew && reasons.size >= MAX_REASONS ? '' : wanted
      const fresh = key === '' ? { code: '(other)', path: '', message: '' } : { code, path: place, message }
      const reason = reasons.get(key) ?? { by, ...fresh, events: 0, entries: 0 }
      reasons.set(key, { ...reason, events: reason.events + events, entries: reason.entries + 1 })
    },
    /** What stays in quarantine, as a table. */
    drawReasons: (width: number): string[] =>
      reasons.size === 0
        ? []
        : drawTable(
            [
              { title: 'events', align: 'right' },
              { title: 'times', align: 'right' },
              { title: 'code' },
              { title: 'path', least: 16 },
              { title: 'refused by' },
              { title: 'why', least: 20 },
            ],
            [...reasons.values()]
              .toSorted((a, b) => b.events - a.events || b.entries - a.entries)
              .map(({ events, entries, code, path, by, message }) => [
                events.toLocaleString('en'),
                entries.toLocaleString('en'),
                code,
                path || '(whole)',
                by,
                message,
              ]),
            width,
          ),
    /** The run in a line, for people who look on. */
    describe: () =>
      `${plural(tally.entries, 'entry', 'entries')} read, ${plural(tally.landed, 'event')} landed, ` +
      `${tally.left.toLocaleString('en')} left`,
  }
}
