import * as z from 'zod'
import { defineEvent } from '../envelope.ts'
import { count, openEnum } from '../fields.ts'
import { totals } from '../totals.ts'

export const viewEnd = defineEvent(
  'view_end',
  'the view closes; its last event',
  { purpose: 'audience', class: 'viewing' },
  {
    reason: openEnum(['ended', 'quit', 'failed', 'source_change', 'unload', 'timeout', 'stopped']).describe(
      'why',
    ),
    totals,
    max_playhead_ms: count()
      .optional()
      .describe('furthest position reached; since 1.1 totals.max_playhead_ms says it')
      .meta({ deprecated: true }),
    ranges: z
      .array(z.array(count()).length(2))
      .max(100)
      .optional()
      .describe('ranges of the media that were played'),
  },
)
