import * as z from 'zod'
import { describeFields, type FieldDefaults } from './metadata.ts'

/** Field kinds shared by all events. The unit is part of each field's name; these say the range. */

/** A whole number from 0 on: milliseconds, bytes, pixels, bits per second, counts. */
export const count = () => z.int().min(0)

/** A position in the media, ms: offset for VOD, epoch for live; null when the player cannot say. */
export const playhead = () => z.int().nullable()

/** A short word or name of at most `max` characters (Unicode code points). */
export const text = (max: number) => z.string().min(1).max(max)

/** A ULID: https://github.com/ulid/spec */
export const ulid = () =>
  z
    .string()
    .regex(/^[0-7][0-9A-HJKMNP-TV-Z]{25}$/)
    .meta({ examples: ['01K5M0PV40ZZZZZZZZZZZZZZZA'] })

// `\s` is another set of characters in every language's regular expressions: blanks and controls are spelt out.
// biome-ignore lint/suspicious/noControlCharactersInRegex: to keep them out
const HOST = /^[^?#@\u0000-\u0020\u007f]*$/
// biome-ignore lint/suspicious/noControlCharactersInRegex: to keep them out
const PATH = /^[^?#\u0000-\u0020\u007f]*$/

/** An origin or a host: cannot carry a path's query, a fragment or credentials. */
export const host = () =>
  z
    .string()
    .max(256)
    .regex(HOST)
    .meta({ examples: ['cdn.example'] })

/** A path: cannot carry a query or a fragment. */
export const path = () =>
  z
    .string()
    .max(1024)
    .regex(PATH)
    .meta({ examples: ['/watch'] })

/** A share of views: more than none, at most all. */
export const share = () => z.number().gt(0).max(1)

/** One of `known`, or a word that a later minor version may add; readers treat an unknown one as "other". */
export type OpenEnum<T extends string> = T | (string & {})

/**
 * A string for which the words of `known` are agreed and which later minor versions may extend: producers are held to
 * the words of their version, readers take any word.
 */
export const openEnum = <const T extends string>(known: readonly T[]) =>
  z
    .string()
    .min(1)
    .max(32)
    .meta({ open: [...known] }) as unknown as z.ZodType<OpenEnum<T>>

/** The states of a view; one at a time. */
export const STATES = [
  'preloading',
  'starting',
  'playing',
  'seeking',
  'rebuffering',
  'paused',
  'ended',
  'failed',
] as const

/** A state of a view, or `quit` from producers that report leaving as a state. */
export const state = () => z.enum([...STATES, 'quit'])

/** An object of fields that share `defaults` as their metadata. */
export const group = <S extends z.ZodRawShape>(defaults: FieldDefaults, fields: S) =>
  z.object(describeFields(fields, defaults))
