import type * as z from 'zod'

/** Why a field is collected: a closed list, so that a data-protection officer can read a whole data map. */
export const PURPOSES = {
  order: 'to put the events of a view in order, and to count those that were lost',
  clock: 'to know when something happened',
  state: 'to know what the viewer saw at each moment',
  startup: 'to measure how long a start took, and who did not wait for it',
  stalls: 'to measure how often and how long playback stalled',
  seeking: 'to measure how long seeks took',
  quality: 'to measure the quality of the picture and the sound',
  failures: 'to count and explain what failed',
  audience: 'to know what was watched, and for how long',
  ads: 'to measure ads apart from content',
  delivery: 'to compare CDNs and networks',
  environment: 'to compare players, devices and pages',
  consent: "to respect the viewer's choice, and to weigh samples",
  extension: 'what a partner adds under its own name',
} as const

/** Why a field is collected: a word of `PURPOSES`. */
export type Purpose = keyof typeof PURPOSES

/**
 * How near a field is to a person. `identity` singles somebody out or ties their doings together, `viewing` says what
 * somebody watched or did, `technical` describes machines. A third party may not get the first two in one record.
 */
export const PRIVACY_CLASSES = ['identity', 'viewing', 'technical'] as const

/** How near a field is to a person: a word of `PRIVACY_CLASSES`. */
export type PrivacyClass = (typeof PRIVACY_CLASSES)[number]

/** What the contract says of each field beside its type. The published documents carry it as `x-unit`, `x-purpose` … */
export interface FieldMetadata {
  /** What it means, in a phrase. */
  description: string
  unit: string
  purpose: Purpose
  class: PrivacyClass
  /** The wire version that has it first. */
  since: string
  deprecated?: boolean
  /** The words of an open enum that are agreed so far. */
  open?: readonly string[]
  /** How deep a value may nest, itself included. */
  maxDepth?: number
  /** How large a value may be as JSON, in UTF-8 bytes. */
  maxBytes?: number
}

declare module 'zod' {
  interface GlobalMeta extends Partial<Omit<FieldMetadata, 'description' | 'deprecated'>> {}
}

const UNITS: readonly (readonly [suffix: RegExp, unit: string])[] = [
  [/_sum$/, 'bit/s × ms'],
  [/(^|_)ts$|_at$/, 'epoch ms'],
  [/_ms$|^ranges$/, 'ms'],
  [/_bps$/, 'bit/s'],
  [/_px$/, 'px'],
  [/_bytes$/, 'bytes'],
  [/_count$|^(count|merged|clicks|ads_\w+|frames_\w+|dropped)$/, 'count'],
  [/^fps$/, 'frames/s'],
  [/(^|_)(rate|volume|ratio)$/, 'ratio'],
]

/** The unit that a field's name says: `_ms`, `_bps`, `_px`, `_bytes` and so on; `none` for words, flags and objects. */
const unitOf = (name: string): string => UNITS.find(([suffix]) => suffix.test(name))?.[1] ?? 'none'

/** What the fields of an object share unless one of them says otherwise in its own `.meta()`. */
export interface FieldDefaults {
  purpose: Purpose
  class?: PrivacyClass
  since?: string
}

/** Completes the metadata of each field of an object: its unit from its name, the rest from `defaults`. */
export const describeFields = <S extends z.ZodRawShape>(
  shape: S,
  { purpose, class: privacy = 'technical', since = '1.0' }: FieldDefaults,
): S =>
  Object.fromEntries(
    Object.entries(shape).map(([name, field]) => {
      const schema = field as z.ZodType
      const defaults = { unit: unitOf(name), purpose, class: privacy, since }
      return [name, schema.meta({ ...defaults, ...schema.meta() })]
    }),
  ) as z.ZodRawShape as S
