import * as z from 'zod'
import { defineEvent } from '../envelope.ts'
import { openEnum } from '../fields.ts'

export const playRequest = defineEvent(
  'play_request',
  'user or code asks to play, first or after a pause; not after a stall',
  { purpose: 'startup', class: 'viewing' },
  {
    initiator: openEnum(['user', 'autoplay', 'api', 'playlist', 'unknown']).describe('who asked'),
    resume: z.boolean().describe('the view had played before'),
  },
)
