import type * as z from 'zod'

/** Checks of Zod that come out the same in JSON Schema. Others are dropped there without a word, or mean another thing. */
const CARRIED_CHECKS = new Set([
  'min_length',
  'max_length',
  'length_equals',
  'greater_than',
  'less_than',
  'number_format',
])

interface Check {
  check: string
  format?: string
  pattern?: RegExp
  inclusive?: boolean
}

interface Definition {
  type: string
  checks?: { _zod: { def: Check } }[]
  check?: string
  format?: string
  coerce?: boolean
  shape?: Record<string, z.ZodType>
  catchall?: z.ZodType
  element?: z.ZodType
  innerType?: z.ZodType
  keyType?: z.ZodType
  valueType?: z.ZodType
}

const checkFault = ({ check, format, pattern, inclusive }: Check) => {
  if (check === 'less_than' && !inclusive)
    return 'an excluded upper bound is not a keyword of the published documents'
  if (check === 'string_format' && format === 'regex')
    return pattern?.flags ? `regex flags "${pattern.flags}" are lost in JSON Schema` : undefined
  if (CARRIED_CHECKS.has(check)) return undefined
  return `${format ?? check} is lost or differs in JSON Schema`
}

const childrenOf = (def: Definition): [name: string, schema: z.ZodType][] => {
  switch (def.type) {
    case 'object':
      return Object.entries(def.shape ?? {})
    case 'array':
      return [['[]', def.element!]]
    case 'record':
      return [
        ['<key>', def.keyType!],
        ['<value>', def.valueType!],
      ]
    case 'optional':
    case 'nullable':
      return [['', def.innerType!]]
    default:
      return []
  }
}

const CARRIED_TYPES = new Set([
  'object',
  'array',
  'record',
  'optional',
  'nullable',
  'string',
  'number',
  'boolean',
  'literal',
  'enum',
  'unknown',
])

/**
 * Finds what JSON Schema could not say as Zod does: refinements, transforms, trims, defaults, coercion, regex flags,
 * formats, unions (known types are told apart by `type` first), tuples. One sentence for each, with its path.
 */
export const lintSchema = (schema: z.ZodType, path = ''): string[] => {
  const def = (schema as unknown as { _zod: { def: Definition } })._zod.def
  const faults: (string | undefined)[] = []
  if (!CARRIED_TYPES.has(def.type)) return [`${path || '/'}: ${def.type} cannot be carried by JSON Schema`]
  if (def.coerce) faults.push('coercion is lost in JSON Schema')
  if (def.type === 'object' && def.catchall) faults.push('an object must be a plain z.object')
  if (def.check && def.type === 'string') faults.push(checkFault(def as Check))
  const patterns = (def.checks ?? []).filter((check) => check._zod.def.format === 'regex')
  if (patterns.length > 1) faults.push('a second regular expression has no keyword of its own')
  for (const check of def.checks ?? []) faults.push(checkFault(check._zod.def))
  return [
    ...faults.filter((fault) => fault !== undefined).map((fault) => `${path || '/'}: ${fault}`),
    ...childrenOf(def).flatMap(([name, child]) => lintSchema(child, name ? `${path}/${name}` : path)),
  ]
}
