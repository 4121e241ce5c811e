import { z } from 'zod'

/** Field kinds shared by all events. The unit is part of each field's name; these say the range. */

/** A whole number from 0 on: milliseconds, bytes, pixels, bits per second, counts. */
export const count = () => z.int().min(0)

/** A position in the media, ms: offset for VOD, epoch for live; null when the player cannot say. */
export const playhead = () => z.int().nullable()

/** A short word or name of at most `max` characters. */
export const text = (max: number) => z.string().min(1).max(max)

/** A ULID: https://github.com/ulid/spec */
export const ulid = () => z.string().regex(/^[0-7][0-9A-HJKMNP-TV-Z]{25}$/)

/** One of `known`, or a word that a later minor version may add; readers treat an unknown one as "other". */
export type OpenEnum<T extends string> = T | (string & {})

/** A string for which `known` values are agreed and which later minor versions may extend. */
export const openEnum = <const T extends string>(known: readonly T[]) =>
  z
    .string()
    .min(1)
    .max(32)
    .meta({ examples: [...known] }) as unknown as z.ZodType<OpenEnum<T>>

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
