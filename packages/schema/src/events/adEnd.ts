import { defineEvent } from '../envelope.ts'
import { count, openEnum, text } from '../fields.ts'

export const adEnd = defineEvent(
  'ad_end',
  'an ad leaves the screen, whatever why',
  { purpose: 'ads' },
  {
    ad_id: text(128).optional().describe("the ad server's id of the ad"),
    reason: openEnum(['completed', 'skipped', 'error', 'quit', 'unknown']).describe('why'),
    played_ms: count().optional().describe('how much of it played'),
    clicks: count().optional().describe('clicks on it').meta({ class: 'viewing' }),
  },
)
