import type { JsonSchema } from '../jsonSchema/jsonSchema.ts'

/** What two documents say differently beside which values are valid. */
export interface Reworded {
  path: string
  /** The keyword: `description`, `x-unit` … */
  keyword: string
  before: unknown
  after: unknown
}

const KEYWORDS = ['title', 'description', 'deprecated', 'x-unit', 'x-class', 'x-purpose', 'x-since'] as const

const partsOf = (schema: JsonSchema, path: string): [path: string, part: JsonSchema][] => [
  ...Object.entries(schema.properties ?? {}).map(([name, part]): [string, JsonSchema] => [
    path ? `${path}.${name}` : name,
    part,
  ]),
  ...Object.entries(schema.$defs ?? {}).map(([name, part]): [string, JsonSchema] => [
    `events[${name}]`,
    part,
  ]),
  ...(schema.items ? [[path, schema.items] as [string, JsonSchema]] : []),
]

/** Compares what two documents say of the parts that both have. */
export const compareAnnotations = (before: JsonSchema, after: JsonSchema, path = ''): Reworded[] => {
  const parts = new Map(partsOf(after, path))
  return [
    ...KEYWORDS.filter((keyword) => before[keyword] !== after[keyword]).map((keyword) => ({
      path,
      keyword,
      before: before[keyword],
      after: after[keyword],
    })),
    ...partsOf(before, path).flatMap(([here, part]) => {
      const other = parts.get(here)
      return other ? compareAnnotations(part, other, here) : []
    }),
  ]
}
