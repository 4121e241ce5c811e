import { evaluateMath, type Value } from './evaluateMath.ts'
import type { Datapoint } from './readEmf.ts'

interface MetricQuery {
  Id: string
  Expression?: string
  ReturnData: boolean
  MetricStat?: {
    Metric: { Namespace: string; MetricName: string; Dimensions: { Name: string; Value: unknown }[] }
    Period: number
    Stat: string
  }
}

/** The properties of a synthesized alarm that say when it fires. */
export interface AlarmProperties {
  AlarmName: string
  AlarmDescription: string
  Metrics: MetricQuery[]
  ComparisonOperator: string
  Threshold: number
  EvaluationPeriods: number
  DatapointsToAlarm: number
  TreatMissingData: string
}

const COMPARE: Record<string, (value: number, threshold: number) => boolean> = {
  GreaterThanOrEqualToThreshold: (value, threshold) => value >= threshold,
  GreaterThanThreshold: (value, threshold) => value > threshold,
  LessThanThreshold: (value, threshold) => value < threshold,
}

const statistic = (name: string, values: number[]): Value => {
  if (values.length === 0) return undefined
  if (name === 'Sum') return values.reduce((sum, value) => sum + value, 0)
  if (name === 'Maximum') return Math.max(...values)
  if (name === 'Minimum') return Math.min(...values)
  if (name === 'SampleCount') return values.length
  const percent = Number(/^p(\d+)$/.exec(name)?.[1])
  if (!percent) throw new Error(`no statistic ${name}`)
  const rank = Math.ceil((percent / 100) * values.length)
  return values.toSorted((a, b) => a - b)[rank - 1]
}

/** What tells a series from every other. A reference to a resource stands for the name that it will have. */
const nameOf = (dimensions: readonly (readonly [string, unknown])[]) =>
  JSON.stringify(dimensions.toSorted(([a], [b]) => (a < b ? -1 : 1)))

/** The name that stands for a resource's, in datapoints of AWS's own. */
export const nameOfRef = (logicalId: string): string => JSON.stringify({ Ref: logicalId })

/**
 * Whether an alarm is in alarm at the end of a period, by its own metrics, statistics, threshold and rule for missing data.
 * Simpler than CloudWatch in one thing: that also looks at a few older periods where the newest have no data yet.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html
 */
export const isInAlarm = (
  alarm: AlarmProperties,
  datapoints: readonly Datapoint[],
  at_ms: number,
): boolean => {
  const period = alarm.Metrics.find(({ MetricStat }) => MetricStat)!.MetricStat!.Period * 1000
  const end = Math.floor(at_ms / period) * period
  const valueIn = (from: number): Value => {
    const values: Record<string, Value> = {}
    for (const { Id, MetricStat } of alarm.Metrics) {
      if (!MetricStat) continue
      const { Namespace, MetricName, Dimensions } = MetricStat.Metric
      const wanted = nameOf(
        Dimensions.map(({ Name, Value }) => [
          Name,
          typeof Value === 'string' ? Value : JSON.stringify(Value),
        ]),
      )
      values[Id] = statistic(
        MetricStat.Stat,
        datapoints
          .filter(
            ({ at_ms, namespace, metric, dimensions }) =>
              at_ms >= from &&
              at_ms < from + period &&
              namespace === Namespace &&
              metric === MetricName &&
              nameOf(Object.entries(dimensions)) === wanted,
          )
          .map(({ value }) => value),
      )
    }
    const watched = alarm.Metrics.find(({ ReturnData }) => ReturnData)!
    return watched.Expression ? evaluateMath(watched.Expression, values) : values[watched.Id]
  }
  const breaching = Array.from({ length: alarm.EvaluationPeriods }, (_, back) => {
    const value = valueIn(end - (back + 1) * period)
    if (value === undefined) return alarm.TreatMissingData === 'breaching'
    return COMPARE[alarm.ComparisonOperator]!(value, alarm.Threshold)
  })
  return breaching.filter(Boolean).length >= alarm.DatapointsToAlarm
}
