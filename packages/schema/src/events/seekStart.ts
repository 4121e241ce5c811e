import { defineEvent } from '../envelope.ts'
import { openEnum, playhead } from '../fields.ts'

export const seekStart = defineEvent(
  'seek_start',
  'first seek of a burst; the envelope carries the old playhead',
  { purpose: 'seeking', class: 'viewing' },
  {
    from_ms: playhead().describe('position left'),
    initiator: openEnum(['user', 'api']).optional().describe('who asked'),
  },
)
