import type * as z from 'zod'

/** Why a batch or an event was refused. Codes are part of the contract. */
export type RejectionCode =
  | 'unreadable'
  | 'missing'
  | 'invalid_type'
  | 'invalid_value'
  | 'invalid_format'
  | 'too_small'
  | 'too_big'
  | 'too_deep'
  | 'duplicate_seq'
  | 'newer_major'
  | 'retired_major'
  | 'record_too_large'
  | 'not_stored'
  | 'store_refused'

/** A reason with the place it points at. */
export interface Rejection {
  code: RejectionCode
  /** JSON Pointer (RFC 6901) from the batch: `/events/3/t_ms`; empty for the batch itself. */
  path: string
  /** What was expected, in a sentence. Never holds a value that was sent. */
  message: string
}

/** A refused event: its place in the batch and, when readable, its number in the view. */
export interface EventRejection extends Rejection {
  index: number
  seq: number | null
}

const codes: Record<string, RejectionCode> = {
  invalid_type: 'invalid_type',
  too_small: 'too_small',
  too_big: 'too_big',
  invalid_format: 'invalid_format',
  invalid_key: 'invalid_format',
}

/** The JSON Pointer of a path; cut at 200 characters, because keys come from the network. */
export const toPointer = (path: readonly PropertyKey[]): string =>
  path
    .map((key) => `/${String(key).slice(0, 200).replaceAll('~', '~0').replaceAll('/', '~1')}`)
    .join('')
    .slice(0, 200)
    .toWellFormed()

/** Whether what a path of keys leads to is not there. Own keys only, because keys come from the network. */
const isMissing = (input: unknown, path: readonly PropertyKey[]): boolean => {
  let value = input
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return true
    value = (value as Record<PropertyKey, unknown>)[key]
  }
  return value === undefined
}

/** Turns the first issue that Zod found in `input` into a rejection whose path starts at `base`. */
export const toRejection = (
  error: z.ZodError,
  input: unknown,
  base: readonly PropertyKey[] = [],
): Rejection => {
  const issue = error.issues[0] as z.core.$ZodIssue
  const missing = isMissing(input, issue.path)
  const expected = issue.code === 'invalid_type' ? `Invalid input: expected ${issue.expected}` : issue.message
  return {
    code: missing ? 'missing' : (codes[issue.code] ?? 'invalid_value'),
    path: toPointer([...base, ...issue.path]),
    message: missing ? expected.replace(/^.*?: /, 'Required: ') : issue.message,
  }
}
