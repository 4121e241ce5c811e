import * as z from 'zod'
import { defineEvent } from '../envelope.ts'
import { count, text } from '../fields.ts'
import { fatalError } from '../totals.ts'

export const error = defineEvent(
  'error',
  'any error, fatal or recovered',
  { purpose: 'failures' },
  {
    ...fatalError.shape,
    severity: z.enum(['fatal', 'warning']).describe('fatal: playback cannot go on'),
    message: text(512).optional().describe('scrubbed of URLs and names'),
    http_status: count().optional().describe('status of the request that failed'),
    scope: z.enum(['content', 'ad']).optional().describe('content unless said'),
    count: z
      .int()
      .min(1)
      .optional()
      .describe('errors of one kind that this event stands for; 1 unless said')
      .meta({ since: '1.1' }),
    recovered: z
      .boolean()
      .optional()
      .describe('a warning that something had to be done about: a retry, a fallback; else it only informs')
      .meta({ since: '1.2' }),
    engine_code: text(64).optional().describe("the engine's own code"),
  },
)
