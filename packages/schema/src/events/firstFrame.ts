import * as z from 'zod'
import { defineEvent } from '../envelope.ts'
import { count } from '../fields.ts'

export const firstFrame = defineEvent(
  'first_frame',
  'first frame of any media on screen and the playhead moving; once per view',
  { purpose: 'startup' },
  {
    startup_ms: count()
      .optional()
      .describe('since the first play_request, pauses taken out; absent when the start was not seen'),
    content_startup_ms: count().optional().describe('as startup_ms, to the first frame of the content'),
    ad_first: z.boolean().optional().describe('the first frame belonged to an ad'),
    visible_during_startup: z.boolean().optional().describe('the page was visible all through the startup'),
  },
)
