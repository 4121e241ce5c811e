import type { GatewayMetric } from '../resources/createGateway.ts'

/** A metric, and what of its values in a period counts. */
export interface Series extends GatewayMetric {
  statistic: 'Sum' | 'Minimum' | 'Maximum' | 'SampleCount' | 'p99'
}

/** A row of the table: when somebody is told, and why. */
export interface AlarmRow {
  /** Its section in docs/operating.md, and the end of its name. */
  runbook: string
  /** What tells it from others of the same section. */
  of?: string
  /** What is wrong, in a sentence for whoever is woken. */
  why: string
  series: Record<string, Series>
  /** Metric math over the series, when it is more than one of them. */
  expression?: string
  comparison: '>=' | '>' | '<'
  threshold: number
  periodS: number
  /** So many periods of the last `periods` must be over the threshold. */
  datapoints: number
  periods: number
  /** What a period without data says. */
  missing: 'breaching' | 'notBreaching'
}
