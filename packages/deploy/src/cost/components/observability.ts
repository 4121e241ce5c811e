import { charge } from '../charge.ts'
import { count } from '../format.ts'
import { explained, type Line, line } from '../line.ts'
import { DAYS, GB } from '../month.ts'
import type { Settings, Shape } from '../settings.ts'
import type { Traffic } from '../trafficOf.ts'

/** Metrics of the ingest as a whole, and of what empties the spill store. */
const METRICS = 21

/** Metrics that are there for each publisher. */
const METRICS_A_PUBLISHER = 4

/** Metrics of each sink. */
const METRICS_A_SINK = 8

/** Rejections by code, and losses by reason and SDK: as many as an account sees, not as there could be. */
const METRICS_BY_REASON = 40

/** What logs shrink to where they are kept. CloudWatch bills what it keeps packed. */
const PACKED = 0.15

/** Logs, metrics, alarms, and the key that encrypts. */
export const observability = (
  shape: Shape,
  { requests }: Pick<Traffic, 'requests'>,
  { logBytesPerRequest, accessLogBytes, logDays, publishers, alarms, archive, searchNodes }: Settings,
): Line[] => {
  const hasAccessLog = shape === 'http-api' || shape === 'rest'
  const bytes = logBytesPerRequest + (hasAccessLog ? accessLogBytes : 0)
  const each = hasAccessLog
    ? `(${count(logBytesPerRequest)} + ${count(accessLogBytes)} B of access log)`
    : `${count(logBytesPerRequest)} B`
  const gb = (requests * bytes) / GB
  const kept = (gb / DAYS) * logDays * PACKED
  const sinks = Number(archive !== 'off') + Number(searchNodes > 0)
  const metrics = METRICS + METRICS_A_PUBLISHER * publishers + METRICS_A_SINK * sinks + METRICS_BY_REASON
  const made = `${METRICS} + ${METRICS_A_PUBLISHER} × ${count(publishers)} publishers + ${METRICS_A_SINK} × ${count(sinks)} sinks + ${METRICS_BY_REASON} by reason`
  return [
    line('logs in', charge('logsIn', gb, `${count(requests)} × ${each} = ${count(gb)} GB`)),
    line(
      'logs kept',
      charge('logsStored', kept, `${count(logDays)} days, packed to ${PACKED * 100} % = ${count(kept)} GB`),
    ),
    explained(made, line('metrics', charge('metric', metrics))),
    line('alarms, KMS key', [charge('alarm', alarms), charge('key', 1)]),
  ]
}
