import { defineEvent } from '../envelope.ts'
import { state } from '../fields.ts'

export const playing = defineEvent('playing', 'rendering resumes after a pause, a seek or an ad', {
  from_state: state().describe('state before'),
})
