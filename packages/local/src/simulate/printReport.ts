import type { FaultReport, Progress } from './runSeeds.ts'

const whole = (value: number) => Math.round(value).toLocaleString('en')

const BAR = 30

/** One line of how far it has come. */
export const printProgress = ({ played, failed, events, seconds }: Progress, seeds: number): string => {
  const done = Math.round((played / seeds) * BAR)
  const left = played ? ((seeds - played) * seconds) / played : 0
  return [
    `[${'#'.repeat(done)}${'.'.repeat(BAR - done)}] ${whole(played)} of ${whole(seeds)} seeds`,
    `${whole(events)} events`,
    `${whole(failed)} failed`,
    `${whole(left)} s left`,
  ].join(' · ')
}

/** The report as people read it. */
export const printReport = (report: FaultReport): string[] => {
  const row = (name: string, value: string) => `  ${name.padEnd(18)}${value}`
  const faults = Object.entries(report.faults).toSorted(([, one], [, other]) => other - one)
  const failing = report.failed.map(({ seed }) => seed)
  return [
    `${report.stopped ? 'Stopped: ' : ''}${whole(report.seeds)} seeds from ${report.first} on in ${report.seconds.toFixed(1)} s, ${report.withDuckDb} of them with DuckDB.`,
    '',
    row('views', whole(report.views)),
    row('captured', `${whole(report.captured)} events`),
    row('dropped', `${whole(report.dropped)} events, each reported`),
    row('with the browser', `${whole(report.withBrowser)} events of pages that went, answered by nobody`),
    row('stream', `${whole(report.records)} records, ${whole(report.poison)} of them poison`),
    row(
      'deliveries',
      `${whole(report.deliveries)} of a record to a sink, ${whole(report.redeliveries)} of them again`,
    ),
    row('quarantine', `${whole(report.quarantined)} entries, copies included`),
    row('faults', whole(faults.reduce((sum, [, times]) => sum + times, 0))),
    ...faults.map(([fault, times]) => `    ${whole(times).padStart(8)}  ${fault}`),
    '',
    failing.length === 0
      ? 'Every event of every view is accounted for in every sink.'
      : `${whole(failing.length)} seeds failed: ${failing.slice(0, 20).join(', ')}${failing.length > 20 ? ', …' : ''}. Again: npm run faults -- --seed ${failing[0]} --story`,
  ]
}
