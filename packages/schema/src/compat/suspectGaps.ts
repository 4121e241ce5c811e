import type { JsonSchema } from '../jsonSchema/jsonSchema.ts'
import type { Root } from './openRoot.ts'
import { minimalOf, samplesOf } from './samplesOf.ts'

/** A part of one document beside the part of another that its values must fit. */
export interface Pair {
  a: JsonSchema
  b: JsonSchema
  path: string
}

/** A gap that is suspected, with values that may show it. */
export interface Suspicion {
  path: string
  reason: string
  values: unknown[]
}

/** Whether an object may have fields that its schema does not name. */
export const isOpen = ({ additionalProperties }: JsonSchema) => additionalProperties !== false

/** The schema of what is not named: of anything, when nothing is said. */
export const anything = (schema: boolean | JsonSchema | undefined): JsonSchema =>
  typeof schema === 'object' ? schema : {}

/** Numbers of `a` that the bounds of `b` may leave out. */
export const numberSuspicions = ({ a, b, path }: Pair): Suspicion[] => {
  const suspicions: Suspicion[] = []
  const suspect = (reason: string, ...values: number[]) => suspicions.push({ path, reason, values })
  const low = b.minimum ?? Number.NEGATIVE_INFINITY
  if ((a.minimum ?? a.exclusiveMinimum ?? Number.NEGATIVE_INFINITY) < low)
    suspect(`a number below ${low}`, low - 1, low - 0.5, a.minimum ?? low - 1)
  const above = b.exclusiveMinimum
  if (above !== undefined && !((a.exclusiveMinimum ?? a.minimum ?? Number.NEGATIVE_INFINITY) > above))
    if (a.exclusiveMinimum !== above)
      suspect(`a number not above ${above}`, a.minimum ?? above, above, above - 1)
  const high = b.maximum ?? Number.POSITIVE_INFINITY
  if ((a.maximum ?? Number.POSITIVE_INFINITY) > high)
    suspect(`a number above ${high}`, high + 1, high + 0.5, a.maximum ?? high + 1)
  return suspicions
}

/** Texts of `a` that the lengths, the pattern or the exclusions of `b` may leave out. */
export const stringSuspicions = ({ a, b, path }: Pair, samples: unknown[]): Suspicion[] => {
  const suspicions: Suspicion[] = []
  const suspect = (reason: string, values: unknown[]) => suspicions.push({ path, reason, values })
  if ((a.minLength ?? 0) < (b.minLength ?? 0))
    suspect(`a text of fewer than ${b.minLength} characters`, samples)
  if ((a.maxLength ?? Number.POSITIVE_INFINITY) > (b.maxLength ?? Number.POSITIVE_INFINITY))
    suspect(`a text of more than ${b.maxLength} characters`, [
      'x'.repeat((b.maxLength ?? 0) + 1),
      ...samples,
      ...samples.map((sample) => String(sample).padEnd((b.maxLength ?? 0) + 1, 'x')),
    ])
  if (b.pattern && b.pattern !== a.pattern) suspect(`a text that does not match ${b.pattern}`, samples)
  const excluded = b.not?.enum.filter((word) => !a.not?.enum.includes(word)) ?? []
  if (excluded.length > 0) suspect(`one of ${excluded.join(', ')}`, excluded)
  return suspicions
}

/** Lists of `a` that are too short or too long for `b`. */
export const arraySuspicions = ({ a, b, path }: Pair, root: Root): Suspicion[] => {
  const suspicions: Suspicion[] = []
  const item = minimalOf(a.items ?? {}, root)
  const ofLength = (length: number) => Array.from({ length }, () => item)
  if ((a.minItems ?? 0) < (b.minItems ?? 0))
    suspicions.push({
      path,
      reason: `a list of fewer than ${b.minItems}`,
      values: [ofLength(a.minItems ?? 0)],
    })
  if ((a.maxItems ?? Number.POSITIVE_INFINITY) > (b.maxItems ?? Number.POSITIVE_INFINITY))
    suspicions.push({
      path,
      reason: `a list of more than ${b.maxItems}`,
      values: [ofLength(b.maxItems! + 1)],
    })
  return suspicions
}

/** Objects of `a` that lack what `b` requires, or have more than it takes. */
export const objectSuspicions = ({ a, b, path }: Pair, minimal: object, root: Root): Suspicion[] => {
  const suspicions: Suspicion[] = []
  for (const name of b.required ?? [])
    if (!a.required?.includes(name)) {
      const { [name]: _, ...values } = minimal as Record<string, unknown>
      suspicions.push({ path: `${path}.${name}`, reason: `without ${name}`, values: [values] })
    }
  const key = a.propertyNames ? minimalOf(a.propertyNames, root) : 'x'
  const beside = (value: unknown) => ({ ...minimal, [String(key)]: value })
  if (isOpen(a) && !isOpen(b))
    suspicions.push({
      path,
      reason: 'a field it does not know',
      values: [...samplesOf(anything(a.additionalProperties), root)].map(beside),
    })
  const bytes = b['x-max-bytes'] ?? Number.POSITIVE_INFINITY
  if ((a['x-max-bytes'] ?? Number.POSITIVE_INFINITY) > bytes)
    suspicions.push({ path, reason: `more than ${bytes} bytes`, values: [beside('x'.repeat(bytes))] })
  const depth = b['x-max-depth'] ?? Number.POSITIVE_INFINITY
  if ((a['x-max-depth'] ?? Number.POSITIVE_INFINITY) > depth)
    suspicions.push({
      path,
      reason: `nested deeper than ${depth}`,
      values: [beside(Array.from({ length: depth }).reduce((inner) => [inner], 0))],
    })
  return suspicions
}
