import * as z from 'zod'
import { defineEvent } from '../envelope.ts'
import { count } from '../fields.ts'

export const playerChange = defineEvent(
  'player_change',
  "the player's size, mode, mute or volume changed; at most once a second",
  { purpose: 'quality' },
  {
    width_px: count().optional().describe('width on the page, in CSS pixels'),
    height_px: count().optional().describe('height on the page, in CSS pixels'),
    device_pixel_ratio: z
      .number()
      .gt(0)
      .optional()
      .describe('device pixels per CSS pixel, along one side')
      .meta({ since: '1.1' }),
    fullscreen: z.boolean().optional().describe('fills the screen'),
    pip: z.boolean().optional().describe('picture in picture'),
    muted: z.boolean().optional().describe('sound off'),
    volume: z.number().min(0).max(1).optional().describe('volume, 0 to 1'),
  },
)
