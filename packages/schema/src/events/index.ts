import type { z } from 'zod'
import { custom } from './custom.ts'
import { error } from './error.ts'
import { firstFrame } from './firstFrame.ts'
import { heartbeat } from './heartbeat.ts'
import { pause } from './pause.ts'
import { playerChange } from './playerChange.ts'
import { playing } from './playing.ts'
import { playRequest } from './playRequest.ts'
import { rateChange } from './rateChange.ts'
import { rebufferEnd } from './rebufferEnd.ts'
import { rebufferStart } from './rebufferStart.ts'
import { renditionChange } from './renditionChange.ts'
import { seekEnd } from './seekEnd.ts'
import { seekStart } from './seekStart.ts'
import { viewEnd } from './viewEnd.ts'
import { viewStart } from './viewStart.ts'
import { visibilityChange } from './visibilityChange.ts'

const all = [
  viewStart,
  playRequest,
  firstFrame,
  playing,
  pause,
  seekStart,
  seekEnd,
  rebufferStart,
  rebufferEnd,
  renditionChange,
  visibilityChange,
  rateChange,
  playerChange,
  heartbeat,
  error,
  viewEnd,
  custom,
] as const

/** An event of a known type, as it travels. */
export type PlayerEvent = z.infer<(typeof all)[number]>

/** The names of the known event types. */
export type EventType = PlayerEvent['type']

/** The schema of each known event type, by its name. */
export const eventSchemas: ReadonlyMap<string, (typeof all)[number]> = new Map(
  all.map((schema) => [schema.shape.type.value, schema]),
)
