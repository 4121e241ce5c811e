/** The part of JSON Schema 2020-12 that the published documents use, and nothing else. */
export interface JsonSchema {
  $schema?: string
  $id?: string
  $ref?: string
  $defs?: Record<string, JsonSchema>
  title?: string
  description?: string
  deprecated?: boolean
  examples?: unknown[]
  type?: JsonType | JsonType[]
  const?: unknown
  enum?: unknown[]
  not?: { enum: unknown[] }
  anyOf?: JsonSchema[]
  minimum?: number
  maximum?: number
  exclusiveMinimum?: number
  minLength?: number
  maxLength?: number
  pattern?: string
  items?: JsonSchema
  minItems?: number
  maxItems?: number
  properties?: Record<string, JsonSchema>
  required?: string[]
  additionalProperties?: boolean | JsonSchema
  propertyNames?: JsonSchema
  /** What the contract adds for people and tools; validators that do not know these skip them. */
  'x-unit'?: string
  'x-purpose'?: string
  'x-class'?: string
  'x-since'?: string
  /** The words of an open enum that are agreed so far. */
  'x-open'?: string[]
  /** How deep a value may nest, itself included. */
  'x-max-depth'?: number
  /** How large a value may be as JSON, in UTF-8 bytes. */
  'x-max-bytes'?: number
}

/** The names of types in JSON Schema. */
export type JsonType = 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean' | 'null'

const KEYWORDS = new Set(
  [
    '$schema $id $ref $defs title description deprecated examples type const enum not anyOf minimum maximum exclusiveMinimum',
    'minLength maxLength pattern items minItems maxItems properties required additionalProperties propertyNames',
    'x-unit x-purpose x-class x-since x-open x-max-depth x-max-bytes',
  ].flatMap((line) => line.split(' ')),
)

/** Names the keywords of a schema, not of its parts, that `JsonSchema` does not have: nothing here understands them. */
export const unknownKeywords = (schema: object): string[] =>
  Object.keys(schema).filter((keyword) => !KEYWORDS.has(keyword))
