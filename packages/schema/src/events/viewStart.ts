import { z } from 'zod'
import { defineEvent } from '../envelope.ts'
import { count } from '../fields.ts'

export const viewStart = defineEvent(
  'view_start',
  'a player gets a content; before any other event of the view',
  {
    autoplay: z.boolean().optional().describe('the element asks to play by itself'),
    preload: z.enum(['none', 'metadata', 'auto']).optional().describe("the element's preload setting"),
    page_load_ms: count().optional().describe('ms from navigation to the page being loaded'),
    player_startup_ms: count().optional().describe('ms the player took to be ready'),
    heartbeat_interval_ms: count().optional().describe('ms between heartbeats at the start of the view'),
    attached_late: z
      .boolean()
      .optional()
      .describe('playback had begun before anybody watched; startup is unknown'),
  },
)
