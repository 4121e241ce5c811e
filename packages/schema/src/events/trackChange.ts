import * as z from 'zod'
import { defineEvent } from '../envelope.ts'
import { openEnum, text } from '../fields.ts'

export const trackChange = defineEvent(
  'track_change',
  'an audio or text track is selected or switched off',
  { purpose: 'audience', class: 'viewing' },
  {
    kind: openEnum(['audio', 'text']).describe('kind of track'),
    language: text(35).optional().describe('BCP 47 tag of its language'),
    enabled: z.boolean().describe('false: switched off'),
    role: text(32).optional().describe('for example captions, description, commentary'),
  },
)
