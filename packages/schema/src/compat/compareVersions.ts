import type { JsonSchema } from '../jsonSchema/jsonSchema.ts'
import { compareAnnotations, type Reworded } from './compareAnnotations.ts'
import { findGaps, type Gap } from './findGaps.ts'
import type { Version } from './readVersion.ts'

/** `breaking` needs a new major, `additive` a new minor; `docs` changes words only. */
export type ChangeKind = 'breaking' | 'additive' | 'docs'

/** One difference between two versions of the contract. */
export interface Change {
  kind: ChangeKind
  /** Where: `events[heartbeat].totals.ad_ms`. */
  path: string
  /** What differs, in a phrase. */
  what: string
  /** What follows from it, and for whom. */
  why: string
  /** The smallest batch that shows it, checked with ajv on both sides. */
  example?: unknown
}

/** Every difference between two versions, and the gravest kind among them. */
export interface Comparison {
  verdict: ChangeKind | 'same'
  changes: Change[]
}

/** The number that a version's producers say. */
const numberOf = ({ producer }: Version) => producer.properties!.spec!.const

/** A version's own number is not a difference: what its producers may send, had they said another one. */
const producerAs = (number: unknown, { producer }: Version): JsonSchema => ({
  ...producer,
  properties: { ...producer.properties, spec: { ...producer.properties!.spec!, const: number } },
})

const toChange =
  (kind: ChangeKind, why: string) =>
  ({ path, reason, counterExample }: Gap): Change => ({
    kind,
    path,
    what: reason,
    why: counterExample === undefined ? `${why} (cannot be proved otherwise)` : why,
    ...(counterExample !== undefined && { example: counterExample }),
  })

/** A unit or a privacy class is what a field means; the rest is how it is explained. */
const ofWords = ({ path, keyword, before, after }: Reworded): Change => {
  const what = `${keyword}: ${JSON.stringify(before) ?? 'none'} → ${JSON.stringify(after) ?? 'none'}`
  if (keyword === 'x-unit' || keyword === 'x-class')
    return { kind: 'breaking', path, what, why: 'the field means something else under its old name' }
  if (keyword === 'deprecated') return { kind: 'additive', path, what, why: 'producers are told to stop' }
  return { kind: 'docs', path, what, why: 'no value is affected' }
}

const ofOrderRules = (before: Version, after: Version): Change[] => {
  const said = new Map(before.orderRules.map(({ name, says }) => [name, says]))
  const saying = new Map(after.orderRules.map(({ name, says }) => [name, says]))
  return [...new Set([...said.keys(), ...saying.keys()])]
    .filter((name) => said.get(name) !== saying.get(name))
    .map((name) => ({
      kind: 'breaking',
      path: `order rule ${name}`,
      what: `${said.get(name) ?? 'no such rule'} → ${saying.get(name) ?? 'no such rule'}`,
      why: 'producers and readers disagree about the order of events',
    }))
}

/** A document of what we write, closed: what it lists is what there is. */
const closed = (schema: JsonSchema): JsonSchema => ({
  ...schema,
  ...(schema.properties && {
    properties: Object.fromEntries(
      Object.entries(schema.properties).map(([name, field]) => [name, closed(field)]),
    ),
    additionalProperties: false,
  }),
})

/** What readers of the stream and of view records get: nothing may go that was there, or be what it was not. */
const ofWritten = (name: 'record' | 'view', before: Version, after: Version): Change[] => {
  const [old, next] = [closed(before[name]), closed(after[name])]
  const at = (gap: Gap): Gap => ({ ...gap, path: `${name}.${gap.path}` })
  const breaking = [
    ...findGaps(next, before[name])
      .map(at)
      .map(toChange('breaking', `readers of ${before.name} refuse what we write`)),
    ...findGaps(old, next)
      .map(at)
      .map(toChange('breaking', `readers of ${before.name} count on it`)),
  ]
  const broken = new Set(breaking.map(({ path }) => path))
  return [
    ...breaking,
    ...findGaps(next, old)
      .map(at)
      .filter(({ path }) => !broken.has(path))
      .map(toChange('additive', `readers of ${before.name} may pass it over`)),
    ...compareAnnotations(before[name], after[name], name).map(ofWords),
  ]
}

const distinct = (changes: Change[]): Change[] => {
  const seen = new Set<string>()
  return changes.filter(({ path, what }) => {
    const key = `${path} ${what}`
    return !seen.has(key) && seen.add(key)
  })
}

/**
 * Compares two versions of one major. What old producers send, new readers must take, and the other way round, because
 * SDKs and partners stay for years; and what conformed must go on conforming. All that is left is additive, or words.
 */
export const compareVersions = (before: Version, after: Version): Comparison => {
  const breaking = distinct([
    ...findGaps(before.producer, after.reader).map(
      toChange('breaking', `producers of ${before.name} send it, readers of ${after.name} refuse it`),
    ),
    ...findGaps(after.producer, before.reader).map(
      toChange('breaking', `producers of ${after.name} may send it, readers of ${before.name} refuse it`),
    ),
    ...findGaps(before.producer, producerAs(numberOf(before), after)).map(
      toChange('breaking', `producers of ${before.name} send it, ${after.name} no longer has it`),
    ),
    ...ofOrderRules(before, after),
  ])
  const written = [...ofWritten('record', before, after), ...ofWritten('view', before, after)]
  const broken = new Set(breaking.map(({ path }) => path))
  const added = findGaps(after.producer, producerAs(numberOf(after), before))
    .filter(({ path }) => !broken.has(path))
    .map(
      toChange('additive', `producers of ${after.name} may send it, and readers of ${before.name} take it`),
    )
  const words = compareAnnotations(before.producer, after.producer).map(ofWords)
  const changes = distinct([...breaking, ...added, ...written, ...words])
  const verdict = (['breaking', 'additive', 'docs'] as const).find((kind) =>
    changes.some((change) => change.kind === kind),
  )
  return { verdict: verdict ?? 'same', changes }
}
