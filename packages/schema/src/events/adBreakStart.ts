import { defineEvent } from '../envelope.ts'
import { count, openEnum, text } from '../fields.ts'

export const adBreakStart = defineEvent(
  'ad_break_start',
  'a break begins: the content stops for ads',
  { purpose: 'ads' },
  {
    break_id: text(64).optional().describe('names the break in its view'),
    position: openEnum(['pre', 'mid', 'post', 'unknown']).describe('before, within or after the content'),
    ads_planned: count().optional().describe('ads that the break should have'),
    insertion: openEnum(['client', 'server', 'unknown']).describe('who puts the ads in'),
  },
)
