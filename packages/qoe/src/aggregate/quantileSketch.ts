import { DDSketch } from '@datadog/sketches-js'

/** What quantiles are read from: buckets that grow with their values, so that those of any number of views stay small. */
export type Sketch = DDSketch

/** How far a quantile may be from the value that has its rank, as a share of it. */
export const RELATIVE_ACCURACY = 0.01

/** A sketch of the values, each of which counts as often as its weight says. */
export const sketchOf = (values: Iterable<readonly [value: number, weight: number]> = []): Sketch => {
  const sketch = new DDSketch({ relativeAccuracy: RELATIVE_ACCURACY })
  for (const [value, weight] of values) sketch.accept(value, weight)
  return sketch
}

/**
 * A sketch of what both were made of; neither of them changes. Bucket by bucket, because `merge` of sketches-js 2.1.1
 * loses buckets when the highest one of the other sketch has the number 0, which holds values of just under 1, and
 * forgets negative values.
 */
export const mergeSketches = (a: Sketch, b: Sketch): Sketch => {
  const merged = sketchOf()
  for (const sketch of [a, b]) {
    for (const side of ['store', 'negativeStore'] as const) {
      const { bins, offset } = sketch[side]
      for (const [index, weight] of bins.entries()) if (weight > 0) merged[side].add(index + offset, weight)
    }
    merged.zeroCount += sketch.zeroCount
    merged.count += sketch.count
    merged.sum += sketch.sum
    merged.min = Math.min(merged.min, sketch.min)
    merged.max = Math.max(merged.max, sketch.max)
  }
  return merged
}

/** The value below which the share `quantile` of all values lies; null of none. */
export const readQuantile = (sketch: Sketch, quantile: number): number | null =>
  sketch.count > 0 ? sketch.getValueAtQuantile(quantile) : null
