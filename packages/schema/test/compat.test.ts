import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkMajor } from '../src/compat/checkMajor.ts'
import { compareVersions } from '../src/compat/compareVersions.ts'
import { createValidator } from '../src/compat/createValidator.ts'
import { findGaps } from '../src/compat/findGaps.ts'
import { readVersion, toVersion, type Version } from '../src/compat/readVersion.ts'
import { versionDocuments } from '../src/documents/versionDocuments.ts'
import type { JsonSchema } from '../src/jsonSchema/jsonSchema.ts'
import type { Role } from '../src/jsonSchema/toJsonSchema.ts'
import { WIRE_VERSION } from '../src/limits.ts'
import { parseBatch } from '../src/parseBatch.ts'
import { arbitraryOf } from './arbitraryOf.ts'
import { contract } from './mutations.ts'

const documents = versionDocuments(WIRE_VERSION)
/** The event types that the changes below are about: with all of them the search is the same, and slower. */
const KEPT = new Set(
  'pause heartbeat view_end error seek_end rebuffer_end rate_change play_request player_change ad_quartile custom track_change'.split(
    ' ',
  ),
)
const onlyKept = (batch: JsonSchema): JsonSchema => {
  const items = batch.properties!.events!.items!
  const isKept = (name: string) => KEPT.has(name) || name === 'unknown_type'
  items.anyOf = items.anyOf!.filter(({ $ref }) => isKept($ref!.replace('#/$defs/', '')))
  batch.$defs = Object.fromEntries(Object.entries(batch.$defs!).filter(([name]) => isKept(name)))
  if (batch.$defs.unknown_type) batch.$defs.unknown_type.properties!.type!.not!.enum = [...KEPT]
  return batch
}
const current = (): Version => {
  const version = toVersion('before', (path) => documents[path]!)
  return { ...version, producer: onlyKept(version.producer), reader: onlyKept(version.reader) }
}

type Edit = (batch: JsonSchema, role: Role) => void

/** The version that a change of the source would give: both documents are edited. */
const edited = (...edits: Edit[]): Version => {
  const version = { ...current(), name: 'after' }
  for (const edit of edits) for (const role of ['producer', 'reader'] as const) edit(version[role], role)
  return version
}

/** Edits the schema at a path such as `heartbeat/totals/ad_ms`; the first part is an event type, or `batch`. */
const at =
  (path: string, change: (schema: JsonSchema, role: Role) => void): Edit =>
  (batch, role) => {
    const [start, ...names] = path.split('/')
    const from = start === 'batch' ? batch : batch.$defs![start!]!
    change(
      names.reduce((schema, name) => schema.properties![name]!, from),
      role,
    )
  }
const add = (path: string, name: string, field: JsonSchema, required = false) =>
  at(path, (schema) => {
    schema.properties = { ...schema.properties, [name]: structuredClone(field) }
    if (required) schema.required = [...schema.required!, name]
  })
const remove = (path: string, name: string) =>
  at(path, (schema) => {
    delete schema.properties![name]
    schema.required = schema.required!.filter((other) => other !== name)
  })
const set = (path: string, keywords: JsonSchema) => at(path, (schema) => Object.assign(schema, keywords))
const drop = (path: string, keyword: keyof JsonSchema) => at(path, (schema) => delete schema[keyword])
const retype = (path: string, schema: JsonSchema) =>
  at(path, (old) => {
    for (const key of Object.keys(old)) if (!key.startsWith('x-')) delete old[key as keyof JsonSchema]
    Object.assign(old, schema)
  })
const require = (path: string, name: string) => at(path, (schema) => schema.required!.push(name))
const unrequire = (path: string, name: string) =>
  at(path, (schema) => {
    schema.required = schema.required!.filter((other) => other !== name)
  })
const word = (path: string, change: (words: string[]) => string[]) =>
  at(path, (schema) => {
    if (schema['x-open']) schema['x-open'] = change(schema['x-open'])
    if (schema.enum) schema.enum = change(schema.enum as string[])
  })
const without = (unwanted: string) => (words: string[]) => words.filter((other) => other !== unwanted)

const INTEGER = { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER } as const
const TEXT = { type: 'string', minLength: 1, maxLength: 64 } as const

const newEvent: Edit = (batch, role) => {
  const { reason: _, ...properties } = structuredClone(batch.$defs!.pause!.properties!)
  const type = { ...properties.type, const: 'drm_session' }
  batch.$defs!.drm_session = {
    ...structuredClone(batch.$defs!.pause!),
    properties: { ...properties, type, key_system: { ...TEXT } },
    required: ['seq', 'ts', 't_ms', 'playhead_ms', 'state', 'type', 'key_system'],
  }
  batch.properties!.events!.items!.anyOf!.unshift({ $ref: '#/$defs/drm_session' })
  if (role === 'reader') batch.$defs!.unknown_type!.properties!.type!.not!.enum.push('drm_session')
}
const noEvent =
  (name: string): Edit =>
  (batch, role) => {
    delete batch.$defs![name]
    const items = batch.properties!.events!.items!
    items.anyOf = items.anyOf!.filter(({ $ref }) => $ref !== `#/$defs/${name}`)
    if (role === 'reader') {
      const { not } = batch.$defs!.unknown_type!.properties!.type!
      not!.enum = not!.enum.filter((type) => type !== name)
    }
  }

const additive: [what: string, ...edits: Edit[]][] = [
  ['a new optional field of an event', add('pause', 'mood', TEXT)],
  [
    'a new optional field of the totals',
    add('heartbeat/totals', 'mute_ms', INTEGER),
    add('view_end/totals', 'mute_ms', INTEGER),
  ],
  ['a new optional field of the context', add('batch/context/content', 'season', INTEGER)],
  ['a new optional field of the batch', add('batch', 'experiment', TEXT)],
  [
    'a new optional object',
    add('pause', 'who', { type: 'object', properties: { id: TEXT }, required: ['id'] }),
  ],
  ['a new event type', newEvent],
  ['a new word of an open enum', word('pause/reason', (words) => [...words, 'doorbell'])],
  ['a field that is deprecated', set('view_end/ranges', { deprecated: true })],
  [
    'two of these at once',
    add('pause', 'mood', TEXT),
    word('pause/reason', (words) => [...words, 'doorbell']),
  ],
]

const docsOnly: [what: string, ...edits: Edit[]][] = [
  ['a description that is reworded', set('pause/reason', { description: 'the cause' })],
  ['an event that is explained better', set('pause', { description: 'playback stops' })],
  ['a purpose that is told apart', set('pause/reason', { 'x-purpose': 'state' })],
]

const breaking: [what: string, ...edits: Edit[]][] = [
  ['a field that is removed', remove('heartbeat', 'buffer_ms')],
  ['a required field that is removed', remove('rebuffer_end', 'duration_ms')],
  ['a field of the context that is removed', remove('batch/context/page', 'path')],
  ['a field that is renamed', remove('seek_end', 'merged'), add('seek_end', 'joined', INTEGER)],
  ['an event type that is removed', noEvent('track_change')],
  ['an optional field that becomes required', require('heartbeat', 'buffer_ms')],
  ['a new field that is required', add('pause', 'mood', TEXT, true)],
  ['a required field that becomes optional', unrequire('rebuffer_end', 'duration_ms')],
  ['a name that is used again with another type', retype('heartbeat/buffer_ms', { type: 'string' })],
  ['an integer that may have a fraction', set('heartbeat/buffer_ms', { type: 'number' })],
  ['a number that may not have a fraction any more', set('rate_change/rate', { type: 'integer' })],
  ['a flag that becomes a word', retype('play_request/resume', { type: 'string', enum: ['yes', 'no'] })],
  ['an upper bound that comes later', set('heartbeat/totals/ad_ms', { maximum: 200 })],
  ['an upper bound that goes down', set('player_change/volume', { maximum: 0.5 })],
  ['an upper bound that goes up: old readers refuse it', set('ad_quartile/quartile', { maximum: 4 })],
  ['a lower bound that goes up', set('heartbeat/buffer_ms', { minimum: 1 })],
  ['a lower bound that goes down: old readers refuse it', set('ad_quartile/quartile', { minimum: 0 })],
  ['a bound that excludes its end', set('player_change/device_pixel_ratio', { exclusiveMinimum: 0.5 })],
  ['a text that may be less long', set('error/message', { maxLength: 256 })],
  ['a text that may be longer: old readers refuse it', set('error/message', { maxLength: 1024 })],
  ['a text that must be longer', set('custom/name', { minLength: 3 })],
  ['a text that may be empty: old readers refuse it', set('custom/name', { minLength: 0 })],
  ['a pattern that comes later', set('custom/name', { pattern: '^[a-z]+$' })],
  ['a pattern that is tightened', set('batch/context/page/path', { pattern: '^[^?#\\sx]*$' })],
  ['a pattern that is dropped: old readers refuse it', drop('batch/view_id', 'pattern')],
  ['a value that is added to a closed enum', word('error/severity', (words) => [...words, 'info'])],
  ['a value that is removed from a closed enum', word('error/severity', without('warning'))],
  ['a word that is removed from an open enum', word('pause/reason', without('interrupted'))],
  [
    'a value that may be null: old readers refuse it',
    set('seek_end/latency_ms', { type: ['integer', 'null'] }),
  ],
  ['a value that may not be null any more', set('seek_end/to_ms', { type: 'integer' })],
  ['a list that may be less long', set('view_end/ranges', { maxItems: 10 })],
  ['a list that may be longer: old readers refuse it', set('view_end/ranges', { maxItems: 1000 })],
  ['a list that may be empty: old readers refuse it', set('batch/events', { minItems: 0 })],
  [
    'items of another type',
    at('view_end/ranges', (schema) => Object.assign(schema, { items: { type: 'string' } })),
  ],
  ['less room in ext', set('pause/ext', { 'x-max-bytes': 1024 })],
  ['less depth in ext', set('pause/ext', { 'x-max-depth': 2 })],
  [
    'other names in ext',
    at('pause/ext', (schema) => Object.assign(schema.propertyNames!, { pattern: '^com\\.[a-z.]+$' })),
  ],
  [
    'a lower count of what was dropped',
    at('batch/dropped', (schema) => Object.assign(schema.additionalProperties!, { minimum: 1 })),
  ],
]

const meaning: [what: string, ...edits: Edit[]][] = [
  ['a unit that changes under its old name', set('heartbeat/buffer_ms', { 'x-unit': 's' })],
  ['a privacy class that changes', set('batch/visit_id', { 'x-class': 'technical' })],
]

const plainBatch = (document: JsonSchema): JsonSchema => ({
  ...document,
  properties: { ...document.properties, spec: { type: 'string' } },
})
const accepts = (document: JsonSchema, value: unknown) => createValidator(document)(value)

describe('a change of the contract', () => {
  it.each(additive)('is additive: %s', (_, ...edits) => {
    const { verdict, changes } = compareVersions(current(), edited(...edits))
    expect(verdict).toBe('additive')
    expect(changes.every(({ kind }) => kind !== 'breaking')).toBe(true)
  })

  it.each(docsOnly)('is words only: %s', (_, ...edits) => {
    expect(compareVersions(current(), edited(...edits)).verdict).toBe('docs')
  })

  it.each(breaking)('breaks somebody, and shows whom: %s', (_, ...edits) => {
    const [before, after] = [current(), edited(...edits)]
    const { verdict, changes } = compareVersions(before, after)
    expect(verdict).toBe('breaking')
    const examples = changes.filter(({ kind }) => kind === 'breaking').map(({ example }) => example)
    const shown = examples.filter((example) => example !== undefined)
    expect(shown.length).toBeGreaterThan(0)
    for (const example of shown) {
      const sends = [before.producer, after.producer, plainBatch(before.producer)]
      const takes = [before.reader, after.reader, plainBatch(after.producer)]
      expect(sends.some((document) => accepts(document, example))).toBe(true)
      expect(takes.every((document) => accepts(document, example))).toBe(false)
    }
  })

  it.each(meaning)('breaks somebody without a value that shows it: %s', (_, ...edits) => {
    expect(compareVersions(current(), edited(...edits)).verdict).toBe('breaking')
  })

  it('breaks somebody when a rule of order comes, goes or says another thing', () => {
    const { orderRules } = current()
    const [first, ...rest] = orderRules
    for (const changed of [
      rest,
      [...orderRules, { name: 'new', says: 'x' }],
      [{ ...first!, says: 'x' }, ...rest],
    ])
      expect(compareVersions(current(), { ...current(), orderRules: changed }).verdict).toBe('breaking')
  })

  it('is none when nothing changed', () => {
    expect(compareVersions(current(), current())).toEqual({ verdict: 'same', changes: [] })
  })

  it('shows the smallest batch there is', () => {
    const [gap] = findGaps(current().producer, edited(set('heartbeat/totals/ad_ms', { maximum: 200 })).reader)
    expect(gap).toMatchObject({ path: 'events[heartbeat].totals.ad_ms', reason: 'a number above 200' })
    expect(gap!.counterExample).toEqual({
      spec: WIRE_VERSION,
      sdk: { name: 'x', version: 'x' },
      visit_id: '01K5M0PV40ZZZZZZZZZZZZZZZA',
      view_id: '01K5M0PV40ZZZZZZZZZZZZZZZA',
      sent_at: 0,
      context: { content: { id: 'x' }, player: { name: 'x' } },
      events: [
        {
          seq: 0,
          ts: 0,
          t_ms: 0,
          playhead_ms: 0,
          state: 'preloading',
          type: 'heartbeat',
          totals: { ad_ms: 201 },
        },
      ],
    })
  })

  it('of a name that was used before and given up is refused, though each step alone might pass', () => {
    const used = edited(add('pause', 'mood', TEXT))
    const reused = edited(add('pause', 'mood', INTEGER))
    const broken = checkMajor([current(), used, current(), reused]).filter(({ gaps }) => gaps.length > 0)
    expect(broken.some(({ producer, reader }) => producer === 'after' && reader === 'after')).toBe(true)
  })
})

/** What of `count` generated values of `from` is refused by `by`. */
const refused = (from: JsonSchema, by: JsonSchema, count: number): unknown[] => {
  const [valid, taken] = [createValidator(from), createValidator(by)]
  return fc.sample(arbitraryOf(from), count).filter((value) => valid(value) && !taken(value))
}

const written = (change: (record: JsonSchema, view: JsonSchema) => void): Version => {
  const version = { ...current(), name: 'after' }
  change(version.record, version.view)
  return version
}

const noField = (document: JsonSchema, name: string) => {
  delete document.properties![name]
  document.required = document.required!.filter((other) => other !== name)
}
const optional = (document: JsonSchema, name: string) => {
  document.required = document.required!.filter((other) => other !== name)
}

describe('a change of what readers get', () => {
  it.each<[what: string, change: Parameters<typeof written>[0]]>([
    ['a field of the view record goes', (_, view) => noField(view, 'rebuffer_ratio')],
    ['an optional field of it goes', (_, view) => noField(view, 'startup_ms')],
    ['a field of it is of another type', (_, view) => Object.assign(view.properties!, { view_id: INTEGER })],
    ['a field of it may be missing', (_, view) => optional(view, 'outcome')],
    ['a field of the record goes', (record) => noField(record, 'received_at')],
  ])('breaks them when %s', (_, change) => {
    expect(compareVersions(current(), written(change)).verdict).toBe('breaking')
  })

  it('is additive when they get more', () => {
    const more = written((_, view) => Object.assign(view.properties!, { mood: TEXT }))
    expect(compareVersions(current(), more).verdict).toBe('additive')
  })
})

describe('findGaps never calls safe what is not', () => {
  it.each([
    ['a flag that must be true', { type: 'boolean' }, { type: 'boolean', const: true }],
    ['a number that must be 1', { type: 'integer' }, { type: 'number', const: 1 }],
    ['a number of a few', { type: 'integer' }, { type: 'integer', enum: [1, 2, 3] }],
    ['a keyword nobody knows', { type: 'number' }, { type: 'number', exclusiveMaximum: 4 }],
    [
      'names of fields',
      { type: 'object', properties: { Abc: {} }, additionalProperties: false },
      { type: 'object', propertyNames: { type: 'string', pattern: '^[a-z]+$' } },
    ],
    ['a size of text', { type: 'string' }, { type: 'string', 'x-max-bytes': 4 }],
    ['a depth of lists', { type: 'array' }, { type: 'array', 'x-max-depth': 1 }],
    [
      'what stands beside alternatives',
      { type: 'integer' },
      { anyOf: [{ type: 'integer' }], maximum: 5, type: 'integer' },
    ],
  ])('in %s', (_, from, by) => {
    expect(findGaps(from as JsonSchema, by as JsonSchema)).not.toEqual([])
  })
})

const published = contract.versions().map((name) => readVersion(contract.version(name)))
const pairs = published.flatMap((from) => published.map((by) => [from.name, by.name, from, by] as const))

describe('every published version', () => {
  it.each(pairs)(
    'lets producers of %s be understood by readers of %s: 300 generated batches',
    (_, _by, from, by) => {
      expect(refused(from.producer, by.reader, 300)).toEqual([])
    },
  )

  it.each(published)(
    'of producers is taken by the ingest: 300 generated batches of $name',
    ({ producer }) => {
      const conforms = createValidator(producer)
      for (const batch of fc.sample(arbitraryOf(producer), 300)) {
        if (!conforms(batch)) continue
        const parsed = parseBatch(structuredClone(batch))
        expect(parsed.ok && parsed.rejected.filter(({ code }) => code !== 'duplicate_seq')).toEqual([])
      }
    },
  )
})

describe('generated batches bear the checker out', () => {
  const tame = [...additive, ...docsOnly]
  it.each(tame)('no value is refused on either side: %s', (_, ...edits) => {
    const [before, after] = [current(), edited(...edits)]
    expect(refused(before.producer, after.reader, 60)).toEqual([])
    expect(refused(after.producer, before.reader, 60)).toEqual([])
    expect(refused(plainBatch(before.producer), plainBatch(after.producer), 60)).toEqual([])
  })

  const small = {
    type: 'object',
    properties: {
      n: { type: 'integer', minimum: 0, maximum: 100 },
      x: { type: 'number', exclusiveMinimum: 0, maximum: 10 },
      s: { type: 'string', minLength: 1, maxLength: 8 },
      w: { type: 'string', enum: ['a', 'b', 'c'] },
      l: {
        type: 'array',
        items: { type: ['integer', 'null'], minimum: 0, maximum: 9 },
        minItems: 1,
        maxItems: 3,
      },
      o: {
        type: 'object',
        properties: { b: { type: 'boolean' } },
        required: ['b'],
        additionalProperties: false,
      },
      e: { anyOf: [{ $ref: '#/$defs/one' }, { $ref: '#/$defs/two' }] },
    },
    required: ['n', 'w'],
    additionalProperties: false,
    $defs: {
      one: {
        type: 'object',
        properties: { type: { type: 'string', const: 'one' }, n: { type: 'integer' } },
        required: ['type'],
      },
      two: {
        type: 'object',
        properties: { type: { type: 'string', const: 'two' } },
        required: ['type'],
        additionalProperties: false,
      },
    },
  } as const satisfies JsonSchema

  type Mutable = Record<string, unknown>
  const nodesOf = (schema: Mutable): Mutable[] => [
    schema,
    ...['properties', '$defs'].flatMap((key) =>
      Object.values((schema[key] ?? {}) as Record<string, Mutable>).flatMap(nodesOf),
    ),
    ...(schema.items ? nodesOf(schema.items as Mutable) : []),
  ]
  const change = fc.record({
    at: fc.nat(),
    keyword: fc.constantFrom(
      'minimum',
      'maximum',
      'minLength',
      'maxLength',
      'minItems',
      'maxItems',
      'type',
      'enum',
      'required',
      'additionalProperties',
      'properties',
    ),
    number: fc.integer({ min: 0, max: 12 }),
    flag: fc.boolean(),
  })

  const apply = (
    schema: Mutable,
    { at, keyword, number, flag }: { at: number; keyword: string; number: number; flag: boolean },
  ) => {
    const nodes = nodesOf(schema).filter((node) => keyword in node)
    const node = nodes[at % nodes.length]
    if (!node) return
    if (typeof node[keyword] === 'number') node[keyword] = number
    else if (keyword === 'type' && node.type !== 'object' && !('const' in node)) {
      for (const key of Object.keys(node)) delete node[key]
      node.type = flag ? 'integer' : ['integer', 'null', 'string']
    } else if (keyword === 'enum') node.enum = flag ? ['a', 'b'] : ['a', 'b', 'c', 'd']
    else if (keyword === 'required') node.required = flag ? [] : (node.required as string[]).slice(1)
    else if (keyword === 'additionalProperties') node.additionalProperties = flag
    else if (keyword === 'properties') {
      const names = Object.keys(node.properties as object).filter((name) => name !== 'type')
      const name = names[number % names.length]
      if (name) delete (node.properties as Mutable)[name]
      if (name) node.required = ((node.required as string[]) ?? []).filter((other) => other !== name)
    }
  }

  /** Bounds changed at random may leave no value at all, and then nothing is to be said. */
  const isSatisfiable = (schema: JsonSchema) =>
    fc.sample(arbitraryOf(schema), { numRuns: 5, seed: 1 }).some((value) => accepts(schema, value))

  it('on 400 pairs of schemas that were changed at random: never is a value refused that it calls safe', () => {
    const answers = { safe: 0, unsafe: 0, unproved: 0 }
    const pair = fc.tuple(
      fc.array(change, { maxLength: 2 }),
      fc.array(change, { minLength: 1, maxLength: 2 }),
    )
    fc.assert(
      fc.property(pair, ([toA, toB]) => {
        const [a, b] = [structuredClone(small), structuredClone(small)] as unknown as [Mutable, Mutable]
        for (const one of toA) apply(a, one)
        for (const one of toB) apply(b, one)
        const [from, by] = [a as JsonSchema, b as JsonSchema]
        fc.pre(isSatisfiable(from))
        const gaps = findGaps(from, by)
        const shown = gaps.filter(({ counterExample }) => counterExample !== undefined)
        for (const { counterExample } of shown)
          if (!accepts(from, counterExample) || accepts(by, counterExample)) return false
        answers[gaps.length === 0 ? 'safe' : shown.length > 0 ? 'unsafe' : 'unproved']++
        return gaps.length > 0 || refused(from, by, 50).length === 0
      }),
      { numRuns: 400 },
    )
    expect(answers.safe).toBeGreaterThan(20)
    expect(answers.unsafe).toBeGreaterThan(100)
    expect(answers.unproved).toBeLessThan(answers.unsafe / 10)
  }, 60_000)
})
