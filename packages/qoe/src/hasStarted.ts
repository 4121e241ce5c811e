import type { Totals, ViewRecord } from '@viewbeat/schema'

/** Whether a first frame was seen. Producers of 1.0 and 1.1 do not say when it was. */
export const hasStarted = ({
  startup_ms,
  first_frame_ms,
  playing_ms = 0,
  rebuffering_ms = 0,
}: Pick<Totals | ViewRecord, 'startup_ms' | 'first_frame_ms' | 'playing_ms' | 'rebuffering_ms'>): boolean =>
  startup_ms !== undefined || first_frame_ms !== undefined || playing_ms > 0 || rebuffering_ms > 0
