import { defineEvent } from '../envelope.ts'
import { count, text } from '../fields.ts'

export const adBreakEnd = defineEvent(
  'ad_break_end',
  'the content is about to go on, even when the break was cut short',
  { purpose: 'ads' },
  {
    break_id: text(64).optional().describe('names the break in its view'),
    ads_played: count().optional().describe('ads that were on screen'),
    ads_failed: count().optional().describe('ads that could not be shown'),
  },
)
