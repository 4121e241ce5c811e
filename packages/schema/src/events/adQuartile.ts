import * as z from 'zod'
import { defineEvent } from '../envelope.ts'
import { text } from '../fields.ts'

export const adQuartile = defineEvent(
  'ad_quartile',
  '25, 50 or 75 % of an ad have played at normal speed',
  { purpose: 'ads' },
  {
    ad_id: text(128).optional().describe("the ad server's id of the ad"),
    quartile: z.int().min(1).max(3).describe('1: 25 %, 2: 50 %, 3: 75 %'),
  },
)
