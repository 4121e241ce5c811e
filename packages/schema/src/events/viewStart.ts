import * as z from 'zod'
import { defineEvent } from '../envelope.ts'
import { count } from '../fields.ts'

export const viewStart = defineEvent(
  'view_start',
  'a player gets a content; before any other event of the view',
  { purpose: 'startup' },
  {
    autoplay: z.boolean().optional().describe('the element asks to play by itself'),
    preload: z.enum(['none', 'metadata', 'auto']).optional().describe("the element's preload setting"),
    page_load_ms: count().optional().describe('from navigation to the page being loaded'),
    player_startup_ms: count().optional().describe('from creating the player to its being ready'),
    heartbeat_interval_ms: count().optional().describe('between heartbeats at the start of the view'),
    attached_late: z
      .boolean()
      .optional()
      .describe('playback had begun before anybody watched; startup is unknown'),
  },
)
