import { defineEvent } from '../envelope.ts'
import { openEnum, playhead } from '../fields.ts'

export const seekStart = defineEvent(
  'seek_start',
  'first seek of a burst; the envelope carries the old playhead',
  {
    from_ms: playhead().describe('position left, ms'),
    initiator: openEnum(['user', 'api']).optional().describe('who asked'),
  },
)
