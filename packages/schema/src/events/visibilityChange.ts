import * as z from 'zod'
import { defineEvent } from '../envelope.ts'
import { count, openEnum } from '../fields.ts'

export const visibilityChange = defineEvent(
  'visibility_change',
  'the page is hidden or shown, frozen or resumed',
  { purpose: 'audience' },
  {
    visible: z.boolean().describe('after the change'),
    cause: openEnum(['tab', 'bfcache', 'freeze']).describe('what happened'),
    away_ms: count().optional().describe('how long the page was frozen'),
  },
)
