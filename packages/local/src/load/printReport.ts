import type { Stored } from './checkStored.ts'
import { ms, whole } from './format.ts'
import type { LoadReport } from './runLoad.ts'
import type { Summary } from './summarize.ts'

const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`

/** How many of the views that do not add up are named. */
const MAX_NAMED = 5

const statuses = (answers: Record<number, number>) =>
  Object.entries(answers)
    .map(([status, times]) => `${status === '0' ? 'none' : status} ${whole(times)}`)
    .join(', ') || 'none'

/** The final report as people read it. */
export const printReport = (report: LoadReport, summary: Summary, stored?: Stored): string[] => {
  const { seconds, drainSeconds, latency } = report
  const { captured, accepted, rejected, sampledOut, reportedDropped, untold, waiting, broken } = summary
  const row = (name: string, value: string) => `  ${name.padEnd(18)}${value}`
  const perSecond = (amount: number) => `${whole(amount / Math.max(seconds, 0.001))}/s`
  const kinds = Object.entries(report.kinds)
    .toSorted(([, one], [, other]) => other - one)
    .map(([kind, times]) => `${kind} ${whole(times)}`)
    .join(', ')
  const terms = [
    `accepted ${whole(accepted)}`,
    `rejected ${whole(rejected)}`,
    ...(sampledOut ? [`sampled out ${whole(sampledOut)}`] : []),
    `reported dropped ${whole(reportedDropped)}`,
  ].join(' + ')
  const short = [
    ...(waiting ? [`${whole(waiting)} nobody has answered for`] : []),
    ...(untold ? [`${whole(untold)} given up by the SDK, which could not tell any more`] : []),
    ...(report.oddReceipts
      ? [`${whole(report.oddReceipts)} receipts that do not account for what was sent`]
      : []),
  ]
  return [
    `${report.stopped ? 'Stopped: ' : ''}${whole(report.begun)} views in ${seconds.toFixed(1)} s, and ${drainSeconds.toFixed(1)} s until the last was delivered.`,
    '',
    row('views', kinds),
    row('captured', `${whole(captured)} events, ${perSecond(captured)}`),
    row('sent', `${whole(report.sentEvents)} events, copies included`),
    row('accepted', whole(accepted)),
    row('rejected', whole(rejected)),
    ...(sampledOut ? [row('sampled out', whole(sampledOut))] : []),
    row('reported dropped', whole(reportedDropped)),
    row(
      'requests',
      `${whole(report.requests)}, ${perSecond(report.requests)}, ${whole(report.again)} of them again`,
    ),
    row('answers', statuses(report.answers)),
    row('bodies', megabytes(report.bodyBytes)),
    row(
      'latency',
      `p50 ${ms(latency.p50)}, p90 ${ms(latency.p90)}, p99 ${ms(latency.p99)}, longest ${ms(latency.max)}`,
    ),
    '',
    summary.holds
      ? `The account adds up: captured ${whole(captured)} = ${terms}, for each view.`
      : `The account does not add up: captured ${whole(captured)}, ${terms}. Left over: ${short.join('; ')}.`,
    ...broken
      .slice(0, MAX_NAMED)
      .map(
        (view) =>
          `  view ${view.viewId}: captured ${view.captured}, accepted ${view.accepted}, rejected ${view.rejected}, reported dropped ${view.reportedDropped}`,
      ),
    ...(broken.length > MAX_NAMED ? [`  and ${whole(broken.length - MAX_NAMED)} views more`] : []),
    ...(stored ? printStored(stored, accepted) : []),
  ]
}

const printStored = ({ events, views, quarantined, differing }: Stored, accepted: number): string[] =>
  differing.length === 0
    ? [
        `The store has all of it: ${whole(events)} events in ${whole(views)} views, and ${whole(quarantined)} in quarantine.`,
      ]
    : [
        `The store does not have all of it: ${whole(events)} events of ${whole(accepted)} accepted.`,
        ...differing
          .slice(0, MAX_NAMED)
          .map(
            (view) =>
              `  view ${view.viewId}: accepted ${view.accepted}, stored ${view.stored}; rejected ${view.rejected}, in quarantine ${view.quarantined}`,
          ),
        ...(differing.length > MAX_NAMED ? [`  and ${whole(differing.length - MAX_NAMED)} views more`] : []),
      ]
