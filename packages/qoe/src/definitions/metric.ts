import type { ViewRecord } from '@viewbeat/schema'
import type { SourceName } from './sources.ts'

/** A part and what it is a part of. Those of many views add up, part with part and whole with whole. */
export interface Ratio {
  part: number
  whole: number
}

/** A time until something happened, or how long it was watched for without it happening. */
export interface Survival {
  ms: number
  happened: boolean
}

/** What a formula's values are in. `share`: 0 to 1. */
export type Unit = 'ms' | 'share' | 'count' | 'per hour' | 'per view' | 'bit/s' | 'score' | 'average audience'

interface Formula<Kind extends string, Value> {
  kind: Kind
  /** The formula in words. */
  says: string
  unit: Unit
  /** Where it is from. */
  source: SourceName
  /** What it says of a view; null where it says nothing of it, which is not 0. */
  of: (view: ViewRecord) => Value | null
}

/** A share, or a mean: of many views the sum of the parts ÷ the sum of the wholes, never the mean of their ratios. */
export type RatioMetric = Formula<'ratio', Ratio>
/** Something that adds up over views. */
export type SumMetric = Formula<'sum', number>
/** Something of which many views have quantiles; a mean would hide who had it bad. */
export type QuantileMetric = Formula<'quantile', number>
/** A time until something happens that happens to some views only: of many, the median by Kaplan and Meier. */
export type SurvivalMetric = Formula<'survival', Survival>
/** What cannot be computed from the outside, and why. */
export interface UnknownMetric {
  kind: 'unknown'
  says: string
  source: SourceName
}

/** A formula: how a number is had from a view record, and how those of many views become one. */
export type Metric = RatioMetric | SumMetric | QuantileMetric | SurvivalMetric | UnknownMetric

type Without<F> = Omit<F, 'kind'>

/** Declares a share or a mean. */
export const ratioOf = (formula: Without<RatioMetric>): RatioMetric => ({ kind: 'ratio', ...formula })
/** Declares something that adds up. */
export const sumOf = (formula: Without<SumMetric>): SumMetric => ({ kind: 'sum', ...formula })
/** Declares something that has quantiles. */
export const quantileOf = (formula: Without<QuantileMetric>): QuantileMetric => ({
  kind: 'quantile',
  ...formula,
})
/** Declares a time until something happens. */
export const survivalOf = (formula: Without<SurvivalMetric>): SurvivalMetric => ({
  kind: 'survival',
  ...formula,
})
/** Declares what cannot be computed from the outside. */
export const unknownOf = (formula: Without<UnknownMetric>): UnknownMetric => ({ kind: 'unknown', ...formula })

/** 1 of 1 or 0 of 1, where a view counts at all. */
export const shareOf = (counts: boolean, isPart: boolean): Ratio | null =>
  counts ? { part: isPart ? 1 : 0, whole: 1 } : null

/** A part of a whole, where there is a whole. */
export const over = (part: number | undefined, whole: number | undefined): Ratio | null =>
  part !== undefined && whole !== undefined && whole > 0 ? { part, whole } : null
