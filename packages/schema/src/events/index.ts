import type * as z from 'zod'
import { adBreakEnd } from './adBreakEnd.ts'
import { adBreakStart } from './adBreakStart.ts'
import { adEnd } from './adEnd.ts'
import { adQuartile } from './adQuartile.ts'
import { adStart } from './adStart.ts'
import { cdnChange } from './cdnChange.ts'
import { custom } from './custom.ts'
import { error } from './error.ts'
import { firstFrame } from './firstFrame.ts'
import { heartbeat } from './heartbeat.ts'
import { pause } from './pause.ts'
import { playerChange } from './playerChange.ts'
import { playing } from './playing.ts'
import { playRequest } from './playRequest.ts'
import { programChange } from './programChange.ts'
import { rateChange } from './rateChange.ts'
import { rebufferEnd } from './rebufferEnd.ts'
import { rebufferStart } from './rebufferStart.ts'
import { renditionChange } from './renditionChange.ts'
import { request } from './request.ts'
import { seekEnd } from './seekEnd.ts'
import { seekStart } from './seekStart.ts'
import { trackChange } from './trackChange.ts'
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
  cdnChange,
  rateChange,
  playerChange,
  visibilityChange,
  trackChange,
  programChange,
  adBreakStart,
  adStart,
  adQuartile,
  adEnd,
  adBreakEnd,
  heartbeat,
  request,
  error,
  viewEnd,
  custom,
] as const

/** An event of a known type, as it travels. */
export type PlayerEvent = z.infer<(typeof all)[number]>

/** The names of the known event types. */
export type EventType = PlayerEvent['type']

/** An event of one type. */
export type EventOf<T extends EventType> = Extract<PlayerEvent, { type: T }>

/** The schema of each known event type, by its name. */
export const eventSchemas: ReadonlyMap<string, (typeof all)[number]> = new Map(
  all.map((schema) => [schema.shape.type.value, schema]),
)
