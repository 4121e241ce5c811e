/** A value of a metric, as CloudWatch gets it. */
export interface Datapoint {
  at_ms: number
  namespace: string
  metric: string
  dimensions: Record<string, string>
  value: number
}

interface Emf {
  _aws?: {
    Timestamp: number
    CloudWatchMetrics: { Namespace: string; Dimensions: string[][]; Metrics: { Name: string }[] }[]
  }
  [member: string]: unknown
}

/**
 * The values that CloudWatch takes from a line of the embedded metric format: one for each metric, each of its values and
 * each set of dimensions. Lines that are none give none.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export const readEmf = (line: string): Datapoint[] => {
  if (!line.startsWith('{')) return []
  const { _aws, ...members } = JSON.parse(line) as Emf
  if (!_aws) return []
  return _aws.CloudWatchMetrics.flatMap(({ Namespace, Dimensions, Metrics }) =>
    Dimensions.flatMap((names) =>
      Metrics.flatMap(({ Name }) =>
        ([members[Name]].flat() as number[]).map((value) => ({
          at_ms: _aws.Timestamp,
          namespace: Namespace,
          metric: Name,
          dimensions: Object.fromEntries(names.map((name) => [name, String(members[name])])),
          value,
        })),
      ),
    ),
  )
}
