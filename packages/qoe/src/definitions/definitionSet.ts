import type { Metric } from './metric.ts'
import type { MetricName } from './metricNames.ts'

/** What one house means by its metrics: a formula for each that it has. */
export interface DefinitionSet {
  /** Whose, in a sentence. */
  says: string
  metrics: { readonly [name in MetricName]?: Metric }
}
