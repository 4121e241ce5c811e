import type * as z from 'zod'
import { type Batch, batchHeader } from './batch.ts'
import { unknownEvent } from './envelope.ts'
import { eventSchemas, type PlayerEvent } from './events/index.ts'
import { compileCheck } from './jsonSchema/compileCheck.ts'
import type { JsonSchema } from './jsonSchema/jsonSchema.ts'
import { MAX_BATCH_DEPTH, MAX_DEPTH, MAX_EXT_BYTES, MAX_EXT_DEPTH, WIRE_VERSION } from './limits.ts'
import { readerDocuments } from './readerDocuments.ts'
import { type EventRejection, type Rejection, toRejection } from './rejection.ts'
import { tidy } from './tidy.ts'
import { upcast } from './versions/upcast.ts'

/** What came of a batch: the good events of a readable one, or why none of it can be taken. */
export type ParsedBatch =
  | {
      ok: true
      /**
       * The batch with its good events only; unknown types and fields are kept as they came. A batch of an older minor is
       * brought to the newest and says so in `upcast_from`; one of a newer minor stays as it is.
       */
      batch: Batch
      rejected: EventRejection[]
      /** How many events of unknown type and how many unknown fields of events it holds. */
      unknown: { events: number; fields: number }
    }
  | { ok: false; rejection: Rejection }

type JsonObject = Record<string, unknown>

const knownFields = new Map(
  [...eventSchemas].map(([type, schema]) => [type, new Set(Object.keys(schema.shape))] as const),
)
const envelopeFields = new Set(Object.keys(unknownEvent.shape))
const currentMajor = Number(WIRE_VERSION.split('.')[0])

const refuse = (code: Rejection['code'], path: string, message: string): Rejection => ({
  code,
  path,
  message,
})

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const checkNesting = (event: JsonObject, path: string): Rejection | undefined => {
  if (!tidy(event, MAX_DEPTH)) return refuse('too_deep', path, `Nested deeper than ${MAX_DEPTH} levels`)
  if (event.ext === undefined) return undefined
  if (!tidy(event.ext, MAX_EXT_DEPTH))
    return refuse('too_deep', `${path}/ext`, `Nested deeper than ${MAX_EXT_DEPTH} levels`)
  if (Buffer.byteLength(JSON.stringify(event.ext)) > MAX_EXT_BYTES)
    return refuse('too_big', `${path}/ext`, `Larger than ${MAX_EXT_BYTES} bytes`)
  return undefined
}

/**
 * A quick yes for what is valid; Zod, several times slower, says what is wrong with the rest. A test holds them equal.
 * How deep a value nests is looked at elsewhere.
 */
const toChecker = (schema: z.ZodType, { 'x-max-depth': _, ...document }: JsonSchema) => ({
  schema,
  isValid: compileCheck(document),
})
const checkers = new Map(
  [...eventSchemas].map(
    ([type, schema]) => [type, toChecker(schema, readerDocuments.events[type]!)] as const,
  ),
)
const ofUnknown = toChecker(unknownEvent, readerDocuments.unknown)
const ofHeader = toChecker(batchHeader, readerDocuments.header)

/** Finds the schema by `type` first, so that a malformed known event cannot pass as an unknown one. */
const checkerOf = (event: JsonObject) =>
  (typeof event.type === 'string' && checkers.get(event.type)) || ofUnknown

const checkEvent = (event: unknown, index: number, explain: boolean): Rejection | undefined => {
  const path = `/events/${index}`
  if (!isObject(event)) return refuse('invalid_type', path, 'Invalid input: expected object')
  const tooDeep = checkNesting(event, path)
  if (tooDeep) return tooDeep
  const { schema, isValid } = checkerOf(event)
  if (isValid(event)) return undefined
  if (!explain)
    return refuse('invalid_value', path, 'Invalid; only the first such events of a batch are explained')
  const checked = schema.safeParse(event)
  return checked.success ? undefined : toRejection(checked.error, event, ['events', index])
}

const readSeq = (event: unknown): number | null =>
  isObject(event) && Number.isSafeInteger(event.seq) ? (event.seq as number) : null

const countUnknownFields = (event: JsonObject): number => {
  const known = knownFields.get(event.type as string) ?? envelopeFields
  let unknown = 0
  for (const key in event) if (!known.has(key)) unknown++
  return unknown
}

const checkHeader = (input: unknown): Rejection | undefined => {
  const spec = isObject(input) && typeof input.spec === 'string' ? input.spec : ''
  const major = /^[0-9]{1,3}\./.test(spec) ? Number.parseInt(spec, 10) : currentMajor
  if (major > currentMajor) return refuse('newer_major', '/spec', `Wire version newer than ${currentMajor}.x`)
  if (major < currentMajor)
    return refuse('retired_major', '/spec', `Wire version older than ${currentMajor}.x`)
  if (ofHeader.isValid(input)) return undefined
  const checked = batchHeader.safeParse(input)
  return checked.success ? undefined : toRejection(checked.error, input)
}

/**
 * Checks one batch of wire version 1.x, event by event, and brings it to the newest minor. Never throws on what JSON can
 * say. The objects of `input` are kept, not copied, and tidied in place: `__proto__` keys and lone surrogates do not come
 * through. To say what is wrong costs ten times what it costs to see that something is: `explained` limits how many invalid
 * events of the batch are explained.
 */
export const parseBatch = (input: unknown, explained = Number.POSITIVE_INFINITY): ParsedBatch => {
  const rejection = checkHeader(input)
  if (rejection) return { ok: false, rejection }

  // Only the server says what it made of a batch.
  const { events: inputs, upcast_from: _, ...header } = input as Batch
  if (!tidy(header, MAX_BATCH_DEPTH))
    return { ok: false, rejection: refuse('too_deep', '', `Nested deeper than ${MAX_BATCH_DEPTH} levels`) }
  const events: PlayerEvent[] = []
  const rejected: EventRejection[] = []
  const unknown = { events: 0, fields: 0 }
  const seen = new Set<number>()
  inputs.forEach((event, index) => {
    const rejection = checkEvent(event, index, rejected.length < explained)
    if (rejection) {
      rejected.push({ index, seq: readSeq(event), ...rejection })
    } else if (seen.has(event.seq)) {
      const again = refuse(
        'duplicate_seq',
        `/events/${index}/seq`,
        'Two events of the batch have this number',
      )
      rejected.push({ index, seq: event.seq, ...again })
    } else {
      seen.add(event.seq)
      events.push(event)
      if (!eventSchemas.has(event.type)) unknown.events++
      unknown.fields += countUnknownFields(event)
    }
  })
  return { ok: true, batch: upcast({ ...header, events }), rejected, unknown }
}
