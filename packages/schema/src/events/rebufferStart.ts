import { defineEvent } from '../envelope.ts'
import { count, openEnum } from '../fields.ts'

export const rebufferStart = defineEvent(
  'rebuffer_start',
  'playhead stops involuntarily after first_frame, not seeking, not paused',
  { purpose: 'stalls' },
  {
    buffer_ms: count().optional().describe('media buffered ahead'),
    cause: openEnum(['network', 'decoder', 'live_edge', 'unknown'])
      .optional()
      .describe('why, as far as known'),
    detected_by: openEnum(['event', 'playhead', 'frames'])
      .optional()
      .describe(
        'what noticed it: an event of the player, a playhead that stood still, or a picture that did',
      ),
  },
)
