import type { Context } from './context.ts'
import type { OpenEnum, STATES } from './fields.ts'
import type { Client } from './record.ts'
import type { Totals } from './totals.ts'

/**
 * How a view came out. `open`: still going as far as anybody knows. `timeout`: silent for too long.
 * `exit_before_start`: left before a first frame, without an error.
 */
export type Outcome = 'ended' | 'quit' | 'exit_before_start' | 'failed' | 'timeout' | 'open'

/** One row per view, folded from its events: outcome, times per state, counts. Absent measures are unknown. */
export interface ViewRecord extends Required<Record<`${(typeof STATES)[number]}_ms`, number>> {
  view_id: string
  visit_id: string
  publisher: string
  /** The newest event it knows: the version by which stores keep the newer of two records. */
  seq: number
  /** The device's clock when the view began, epoch ms. */
  started_at: number
  /** The server's clock when the newest batch arrived, epoch ms. */
  received_at: number
  /** From the begin of the view to its newest event, ms. */
  elapsed_ms: number
  state: (typeof STATES)[number] | 'quit'
  outcome: Outcome
  end_reason?: OpenEnum<'ended' | 'quit' | 'failed' | 'source_change' | 'unload' | 'timeout' | 'stopped'>
  away_ms: number
  startup_ms?: number
  content_ms: number
  max_playhead_ms: number
  play_request_count: number
  rebuffer_count: number
  /** Stalled time ÷ (stalled + playing time), 0 to 1; null where nothing was played. */
  rebuffer_ratio: number | null
  seek_count: number
  rendition_change_count: number
  error_count: number
  frames_total?: number
  frames_dropped?: number
  /** Average bitrate of the media rendered at a known bitrate, bit/s. */
  bitrate_bps?: number
  fatal_error?: NonNullable<Totals['fatal_error']>
  /** Events that the producer says it lost, by reason. */
  dropped: Record<string, number>
  context: Context
  client: Client
  sdk: { name: string; version: string }
}
