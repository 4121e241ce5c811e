import { defineEvent } from '../envelope.ts'
import { count, openEnum } from '../fields.ts'

export const rebufferEnd = defineEvent(
  'rebuffer_end',
  'the playhead moves again, or something cuts the stall',
  { purpose: 'stalls' },
  {
    duration_ms: count().describe('how long it was stalled'),
    ended_by: openEnum(['resume', 'pause', 'seek', 'exit']).describe('what ended it'),
  },
)
