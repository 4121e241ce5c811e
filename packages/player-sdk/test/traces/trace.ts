import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { PlayerEvent } from '@viewbeat/schema'

/** A rendition that a manifest offers. */
export interface Rendition {
  bitrate_bps: number
  width_px: number
  height_px: number
}

/** A live stream: what of it can be sought, s, and when what is at 0 s was made, ms, where the stream tells. */
export interface Live {
  window: [number, number]
  made_at?: number
}

/** What a streaming engine does at some time, in no engine's own words. `renditions` and `live` hold until they are said anew. */
export interface EngineHint {
  error?: { severity: 'fatal' | 'warning'; category: 'network' }
  /** It moves the playhead by itself, to where the same sample says. */
  jump?: 'gap' | 'live_edge'
  /** What its manifest offers. */
  renditions?: Rendition[]
  /** It tells that one of these is shown, or is about to be. */
  rendition?: number
  /** It tells that a segment has come from this host. */
  host?: string
  /** Its manifest is of a live stream, whose window moves on with the clock. */
  live?: Live
}

/** What is told of ads at some time: one call of the signals that players have for them. */
export type AdHint = {
  tells: 'break_start' | 'start' | 'quartile' | 'click' | 'end' | 'error' | 'break_end'
} & Record<string, unknown>

/** What changes of the element and its page at some time, and what is fired then. All but `at`, `event`, `persisted`, `frame`, `dropped` and the hints hold until they are said anew. */
export interface Sample {
  at: number
  event?: string
  persisted?: boolean
  /** One frame is shown now: of this place, s, or of where the playhead is. */
  frame?: true | number
  /** So many frames are counted now that nobody sees. */
  dropped?: number
  engine?: EngineHint
  ads?: AdHint
  source?: string
  currentTime?: number
  moving?: boolean
  fps?: number
  readyState?: number
  paused?: boolean
  seeking?: boolean
  ended?: boolean
  duration?: number | 'unknown' | 'infinite'
  buffered?: [number, number][]
  playbackRate?: number
  loop?: boolean
  autoplay?: boolean
  muted?: boolean
  width?: number
  height?: number
  error?: number
  visible?: boolean
  userActivation?: boolean
  suspended?: boolean
  timers_ms?: number
}

/** What a right observer makes of one view. Times are those of the trace. */
export interface Expected {
  states?: [string, number, number][]
  rebuffers?: { at_ms: number; duration_ms: number; ended_by: string; detected_by?: string[] }[]
  /** A number, or the least and the most it may be; null: there is none. */
  totals?: Record<string, number | boolean | [number, number] | null>
  /** Events in this order, others between them, with these fields; `at_ms` is when. */
  events?: ({ type: PlayerEvent['type']; at_ms?: number } & Record<string, unknown>)[]
  /** How many events of a type there are. */
  counts?: Partial<Record<PlayerEvent['type'], number>>
  /** What is said of the view beside its events. */
  context?: Record<string, unknown>
  /** Types of which there is none. */
  never?: PlayerEvent['type'][]
}

/** A trace of an element, as a file has it. */
export interface Trace {
  says: string
  origin: string
  needs?: ('engine' | 'ads')[]
  /** The element is no file's: media is put in by Media Source Extensions, whoever does it. */
  media_source?: true
  ends_at: number
  tolerance_ms?: number
  samples: Sample[]
  views: Expected[]
}

const folder = join(import.meta.dirname, '../../traces')

/** The JSON of a file beside the traces. */
export const readTraceFile = (name: string): unknown => JSON.parse(readFileSync(join(folder, name), 'utf8'))

/** All traces, by their names. */
export const traces: [string, Trace][] = readdirSync(folder)
  .filter((name) => name.endsWith('.json') && !name.endsWith('.schema.json'))
  .sort()
  .map((name) => [name.replace('.json', ''), readTraceFile(name) as Trace])
