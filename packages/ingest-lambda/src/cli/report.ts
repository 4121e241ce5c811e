import { drawTable } from './drawTable.ts'
import { type ExitCode, paint, plural, type Terminal, tame } from './output.ts'
import { openSource } from './read/openSource.ts'
import { readEntries } from './read/readEntries.ts'
import { type FilterOptions, readFilter } from './read/readFilter.ts'
import { createGroups, type EntryGroup } from './report/groupEntries.ts'

/** What the command line says about a report. */
export interface ReportOptions extends FilterOptions {
  json?: boolean
}

const PROGRESS_EVERY_MS = 500

/** How many places that cannot be read are named. */
const MAX_NAMED = 20

const COLUMNS = [
  { title: '#', align: 'right' },
  { title: 'events', align: 'right' },
  { title: 'entries', align: 'right' },
  { title: 'code' },
  { title: 'path', least: 16 },
  { title: 'publisher', least: 9 },
  { title: 'stage' },
  { title: 'first seen' },
  { title: 'last seen' },
  { title: 'producers', least: 12 },
] as const

const toMinute = (time: number) => new Date(time).toISOString().slice(0, 16).replace('T', ' ')

const toRow = (group: EntryGroup, index: number): string[] => [
  String(index + 1),
  group.events.toLocaleString('en'),
  group.entries.toLocaleString('en'),
  group.code,
  group.path || '(whole)',
  group.publisher ?? '–',
  group.stage,
  toMinute(group.first_seen),
  toMinute(group.last_seen),
  Object.entries(group.producers)
    .toSorted(([, a], [, b]) => b - a)
    .map(([name, count]) => `${name} (${count.toLocaleString('en')})`)
    .join(', '),
]

const formatSample = (terminal: Terminal, { message, sample }: EntryGroup, index: number): string[] => [
  `${paint(terminal, 'bold', `#${index + 1}`)} ${tame(message)}`,
  paint(terminal, 'dim', `   ${tame(JSON.stringify(sample))}`),
]

/**
 * `report <folder|s3://bucket/prefix>`: what is in quarantine, by publisher, stage, code and place, with one masked
 * sample each. Exit code 1 when a part of it could not be read.
 */
export const report = async (
  terminal: Terminal,
  where: string,
  { json, ...options }: ReportOptions,
  now = Date.now(),
): Promise<ExitCode> => {
  const source = openSource(where)
  const filter = readFilter(options, now)
  const { add, list } = createGroups()
  const unread: { where: string; why: string }[] = []
  let entries = 0
  let broken = 0
  let drawn = Date.now()
  for await (const found of readEntries(source, filter)) {
    if (found.ok) {
      add(found.entry)
      entries++
    } else {
      broken++
      if (unread.length < MAX_NAMED) unread.push({ where: found.where, why: found.why })
    }
    if (Date.now() - drawn < PROGRESS_EVERY_MS) continue
    drawn = Date.now()
    terminal.status(`${plural(entries, 'entry', 'entries')} read`)
  }
  terminal.status('')

  const groups = list()
  const events = groups.reduce((sum, group) => sum + group.events, 0)
  if (json) {
    terminal.out(JSON.stringify({ entries, events, groups, unreadable_lines: broken, unread }, null, 2))
    return broken > 0 ? 1 : 0
  }
  terminal.out(
    entries === 0
      ? 'Nothing in quarantine.'
      : `${plural(entries, 'entry', 'entries')} in quarantine, ${plural(events, 'event')}, ${plural(groups.length, 'reason')}.`,
  )
  if (groups.length > 0) {
    const [title = '', ...rows] = drawTable(COLUMNS, groups.map(toRow), terminal.columns)
    for (const line of ['', paint(terminal, 'dim', title), ...rows, '']) terminal.out(line)
    for (const line of groups.flatMap((group, index) => formatSample(terminal, group, index)))
      terminal.out(line)
  }
  for (const { where, why } of unread) terminal.err(`${tame(where)}: ${tame(why)}`)
  if (broken > unread.length) terminal.err(`and ${broken - unread.length} more that cannot be read`)
  return broken > 0 ? 1 : 0
}
