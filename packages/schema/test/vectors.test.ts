import { describe, expect, it } from 'vitest'
import type { Batch } from '../src/batch.ts'
import { createValidator } from '../src/compat/createValidator.ts'
import { versionDocuments } from '../src/documents/versionDocuments.ts'
import type { PlayerEvent } from '../src/events/index.ts'
import type { JsonSchema } from '../src/jsonSchema/jsonSchema.ts'
import { WIRE_VERSION } from '../src/limits.ts'
import { checkOrder } from '../src/order/checkOrder.ts'
import { orderRules } from '../src/order/orderRules.ts'
import { compareNumbers } from '../src/publish/contractFolder.ts'
import { upcastSteps } from '../src/versions/upcast.ts'
import { readVectors, validVectors, versions } from './mutations.ts'

interface OrderVector {
  name: string
  violations: { rule: string; seq: number }[]
  events: PlayerEvent[]
}

/** Valid vectors of what their version has; the others hold what only a later one may know. */
const published = validVectors.filter(({ name }) => !/unknown|newer/.test(name))

const orderVectors = versions.flatMap((version) => readVectors<OrderVector>(version, 'order'))

describe('checkOrder', () => {
  it.each(orderVectors)('finds what it must in $name', ({ events, violations }) => {
    expect(checkOrder(events).map(({ rule, seq }) => ({ rule, seq }))).toEqual(violations)
  })

  it('has a vector for each rule', () => {
    const broken = new Set(orderVectors.flatMap(({ violations }) => violations.map(({ rule }) => rule)))
    expect([...broken].sort()).toEqual(orderRules.map(({ name }) => name).sort())
  })

  it.each(published)('finds nothing in $version/valid/$name', ({ batch }) => {
    expect(checkOrder(batch.events as PlayerEvent[])).toEqual([])
  })
})

const upcastVectors = versions.flatMap((version) =>
  version === '1.0'
    ? []
    : readVectors<{ name: string; before: Batch; after: Batch }>(version, 'upcast').map((vector) => ({
        version,
        ...vector,
      })),
)

describe('the steps up to each version', () => {
  it.each(upcastVectors)('bring to $version what its vectors say: $name', ({ version, before, after }) => {
    const steps = upcastSteps(before.spec).filter(({ to }) => compareNumbers(to, version) <= 0)
    const brought = steps.reduce((batch, step) => step.upcast(batch), before)
    expect({ ...brought, spec: version, upcast_from: before.spec }).toEqual(after)
  })
})

/** Every field of a document, by its path. */
const pathsOf = (schema: JsonSchema, path = ''): string[] => [
  ...Object.entries(schema.properties ?? {}).flatMap(([name, field]) => [
    `${path}/${name}`,
    ...pathsOf(field, `${path}/${name}`),
  ]),
  ...Object.entries(schema.$defs ?? {}).flatMap(([name, event]) => pathsOf(event, `/${name}`)),
]

const usedPaths = (value: unknown, path: string): string[] =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.entries(value).flatMap(([name, child]) => [
        `${path}/${name}`,
        ...usedPaths(child, `${path}/${name}`),
      ])
    : []

describe('the valid vectors', () => {
  const producer = JSON.parse(versionDocuments(WIRE_VERSION)['producer/batch.json']!) as JsonSchema

  it('have every field that producers of the newest version may send', () => {
    const used = new Set(
      validVectors.flatMap(({ batch: { events, ...header } }) => [
        ...usedPaths(header, ''),
        '/events',
        ...(events as { type: string }[]).flatMap((event) => usedPaths(event, `/${event.type}`)),
      ]),
    )
    const ofEnvelope = new Set(usedPaths({ in_ad: 0, ext: 0, playhead_kind: 0 }, ''))
    const isEnvelope = (path: string) => ofEnvelope.has(path.slice(path.indexOf('/', 1)))
    // `pause` stands for all events where the envelope is concerned; a second place of the totals is the same schema.
    const missing = pathsOf(producer).filter((path) => !used.has(path) && !isEnvelope(path))
    expect(missing.filter((path) => !/^\/(heartbeat|view_end)\/totals/.test(path))).toEqual([])
  })

  it.each(published)('of $version are what its producers may send: $name', ({ version, batch }) => {
    const published = JSON.parse(versionDocuments(version)['producer/batch.json']!)
    if (version === WIRE_VERSION) expect(createValidator(published)(batch)).toBe(true)
    expect(createValidator(producer)({ ...batch, spec: WIRE_VERSION })).toBe(true)
  })
})
