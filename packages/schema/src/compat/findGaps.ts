import { type JsonSchema, type JsonType, unknownKeywords } from '../jsonSchema/jsonSchema.ts'
import { createValidator } from './createValidator.ts'
import { openRoot } from './openRoot.ts'
import { minimalOf, samplesOf, typesOf } from './samplesOf.ts'
import {
  anything,
  arraySuspicions,
  isOpen,
  numberSuspicions,
  objectSuspicions,
  type Pair,
  type Suspicion,
  stringSuspicions,
} from './suspectGaps.ts'

/** A reason why not every value of one schema is valid under another. */
export interface Gap {
  /** Where in the value, for people: `events[heartbeat].totals.ad_ms`. */
  path: string
  reason: string
  /** A value that the first accepts and the second refuses; absent when none could be found. */
  counterExample?: unknown
}

const ANNOTATIONS = new Set(['title', 'description', 'examples', 'deprecated', '$schema', '$id', '$defs'])

/** Whether a schema takes every value: it says nothing but what it is for. */
const takesAll = (schema: JsonSchema) =>
  Object.keys(schema).every((key) => ANNOTATIONS.has(key) || /^x-(?!max)/.test(key))

/** Where an event's schema says its type, for people. */
const labelOf = (schema: JsonSchema) => {
  const type = schema.properties?.type
  return typeof type?.const === 'string' ? `[${type.const}]` : ''
}

/**
 * Finds why the values of document `a` are not a subset of those of document `b`. No gap means that they are, which holds
 * for the part of JSON Schema that `JsonSchema` names: what it cannot prove, it reports. A counter-example is a whole
 * value of `a`, as small as it can be, and ajv has seen `a` accept it and `b` refuse it.
 */
export const findGaps = (documentA: JsonSchema, documentB: JsonSchema): Gap[] => {
  const rootA = openRoot(documentA)
  const rootB = openRoot(documentB)

  /** Keeps of the values that may show a gap the first that does. */
  const confirm = ({ a, b }: Pair, { values, path, reason }: Suspicion): Gap => {
    const shown = values.find((value) => rootA.accepts(a, value) && !rootB.accepts(b, value))
    return { path, reason, ...(shown !== undefined && { counterExample: shown }) }
  }

  /** Puts the counter-example of a part into the smallest whole that has it. */
  const within = (gaps: Gap[], { a, b }: Pair, whole: (part: unknown) => unknown): Gap[] =>
    gaps.map(({ counterExample, ...gap }) => {
      if (counterExample === undefined) return gap
      const value = whole(counterExample)
      return rootA.accepts(a, value) && !rootB.accepts(b, value) ? { ...gap, counterExample: value } : gap
    })

  const ofItems = (pair: Pair): Gap[] => {
    const { a, b, path } = pair
    if (!b.items || a.maxItems === 0) return []
    const parts = compare({ a: a.items ?? {}, b: b.items, path })
    const padding = Array.from({ length: Math.max(0, (a.minItems ?? 0) - 1) }, () =>
      minimalOf(a.items ?? {}, rootA),
    )
    return within(parts, pair, (part) => [part, ...padding])
  }

  const ofProperties = (pair: Pair, minimal: object): Gap[] => {
    const { a, b, path } = pair
    const names = new Set([
      ...Object.keys(a.properties ?? {}),
      ...Object.keys(isOpen(a) ? (b.properties ?? {}) : {}),
    ])
    const ofNamed = [...names].flatMap((name) => {
      const here = path ? `${path}.${name}` : name
      const part = a.properties?.[name] ?? anything(a.additionalProperties)
      const known = b.properties?.[name]
      if (!known && !isOpen(b)) {
        const values = [...samplesOf(part, rootA)].map((value) => ({ ...minimal, [name]: value }))
        return [confirm(pair, { path: here, reason: `the field ${name}`, values })]
      }
      const parts = compare({ a: part, b: known ?? anything(b.additionalProperties), path: here })
      return within(parts, pair, (value) => ({ ...minimal, [name]: value }))
    })
    const misnamed = Object.keys(a.properties ?? {})
      .filter((name) => b.propertyNames && !rootB.accepts(b.propertyNames, name))
      .map((name) => {
        const values = [...samplesOf(a.properties![name]!, rootA)].map((value) => ({
          ...minimal,
          [name]: value,
        }))
        return confirm(pair, { path, reason: `the name ${name}`, values })
      })
    if (!isOpen(a)) return [...ofNamed, ...misnamed]
    const rest = compare({
      a: anything(a.additionalProperties),
      b: anything(b.additionalProperties),
      path: `${path}.*`,
    })
    const key = String(a.propertyNames ? minimalOf(a.propertyNames, rootA) : 'x')
    const ofNames = compare({
      a: { type: 'string', ...a.propertyNames },
      b: { type: 'string', ...b.propertyNames },
      path: `${path} (a name)`,
    })
    const filler = minimalOf(anything(a.additionalProperties), rootA)
    return [
      ...ofNamed,
      ...misnamed,
      ...within(rest, pair, (part) => ({ ...minimal, [key]: part })),
      ...within(ofNames, pair, (name) => ({ ...minimal, [String(name)]: filler })),
    ]
  }

  const ofType = (type: JsonType, pair: Pair): Gap[] => {
    const { a, b, path } = pair
    const single = { ...a, type }
    const here = { ...pair, a: single }
    const taken = typesOf(b)
    if (!taken.includes(type) && !(type === 'integer' && taken.includes('number'))) {
      const reason = `${type} where it wants ${taken.join(' or ')}`
      return [confirm(here, { path, reason, values: [...samplesOf(single, rootA)] })]
    }
    const confirmAll = (suspicions: Suspicion[]) => suspicions.map((suspicion) => confirm(here, suspicion))
    switch (type) {
      case 'integer':
      case 'number':
        return confirmAll(numberSuspicions(here))
      case 'string':
        return confirmAll(stringSuspicions(here, [...samplesOf(single, rootA)]))
      case 'array':
        return [...confirmAll(arraySuspicions(here, rootA)), ...ofItems(here)]
      case 'object': {
        const minimal = minimalOf(single, rootA) as object
        return [...confirmAll(objectSuspicions(here, minimal, rootA)), ...ofProperties(here, minimal)]
      }
      default:
        return []
    }
  }

  /** Limits of size and depth that come with no type of their own: of objects they are looked at apart. */
  const ofLimits = ({ a, b, path }: Pair): Gap[] =>
    (['x-max-bytes', 'x-max-depth'] as const)
      .filter((limit) => (a[limit] ?? Number.POSITIVE_INFINITY) > (b[limit] ?? Number.POSITIVE_INFINITY))
      .filter(() => typesOf(a).some((type) => type !== 'object'))
      .map((limit) => ({ path, reason: `more than ${limit} of ${b[limit]}` }))

  /** A value must fit one of several: the alternative that comes nearest says what is missing. */
  const ofAlternatives = (pair: Pair, alternatives: JsonSchema[]): Gap[] => {
    const label = labelOf(pair.a)
    const labelled = (wanted: string) => alternatives.filter((b) => labelOf(rootB.resolve(b)) === wanted)
    const candidates = [labelled(label), labelled('')].find(({ length }) => length > 0)
    if (!candidates) {
      const values = [...samplesOf(pair.a, rootA)]
      return [confirm(pair, { path: pair.path, reason: 'an event of this type', values })]
    }
    const answers = candidates.map((b) => compare({ ...pair, b }))
    const nearest = answers.reduce((least, gaps) => (gaps.length < least.length ? gaps : least))
    return within(nearest, pair, (value) => value)
  }

  const compare = (pair: Pair): Gap[] => {
    const a = rootA.resolve(pair.a)
    const b = rootB.resolve(pair.b)
    const here = { a, b, path: pair.path }
    if (takesAll(b)) return []
    if (a.anyOf)
      return a.anyOf.flatMap((branch) => {
        const resolved = rootA.resolve(branch)
        return compare({ a: resolved, b, path: `${pair.path}${labelOf(resolved)}` })
      })
    if (b.anyOf) {
      const { anyOf, ...rest } = b
      return [...ofAlternatives(here, anyOf), ...compare({ ...here, b: rest })]
    }
    const finite = a.enum ?? (a.const === undefined ? undefined : [a.const])
    if (finite)
      return finite
        .filter((value) => !rootB.accepts(b, value))
        .map((value) => ({
          path: pair.path,
          reason: `the value ${JSON.stringify(value)}`,
          counterExample: value,
        }))
    const [unknown] = [...unknownKeywords(a), ...unknownKeywords(b)]
    if (unknown) return [{ path: pair.path, reason: `the keyword ${unknown}, which is not understood` }]
    if (b.enum || b.const !== undefined) {
      const values = [...samplesOf(a, rootA)]
      return [
        confirm(here, {
          path: pair.path,
          reason: `another value than ${(b.enum ?? [b.const]).join(', ')}`,
          values,
        }),
      ]
    }
    return [...ofLimits(here), ...typesOf(a).flatMap((type) => ofType(type, here))]
  }

  const gaps = compare({ a: documentA, b: documentB, path: '' })
  if (gaps.length === 0) return gaps
  const [validA, validB] = [createValidator(documentA), createValidator(documentB)]
  return gaps.map(({ counterExample, ...gap }) =>
    counterExample !== undefined && validA(counterExample) && !validB(counterExample)
      ? { ...gap, counterExample }
      : gap,
  )
}
