import { defineEvent } from '../envelope.ts'
import { count, playhead } from '../fields.ts'

export const seekEnd = defineEvent(
  'seek_end',
  'the last seek of the burst can play, or is ready while paused',
  { purpose: 'seeking' },
  {
    to_ms: playhead().describe('position reached'),
    latency_ms: count().describe('time since the last seek of the burst was asked'),
    merged: count().optional().describe('seeks in the burst, when more than one'),
  },
)
