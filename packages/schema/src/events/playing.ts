import { defineEvent } from '../envelope.ts'
import { state } from '../fields.ts'

export const playing = defineEvent(
  'playing',
  'rendering resumes after a pause, a seek or an ad',
  { purpose: 'state' },
  {
    from_state: state().optional().describe('state before; absent when unknown'),
  },
)
