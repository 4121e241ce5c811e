import * as z from 'zod'
import { defineEvent } from '../envelope.ts'

export const rateChange = defineEvent(
  'rate_change',
  'the playback rate changed',
  { purpose: 'audience', class: 'viewing' },
  {
    rate: z.number().describe('new rate, 1 is normal'),
    from_rate: z.number().optional().describe('rate before; absent when unknown'),
  },
)
