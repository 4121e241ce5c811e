import { z } from 'zod'
import { defineEvent } from '../envelope.ts'
import { count } from '../fields.ts'

export const playerChange = defineEvent(
  'player_change',
  "the player's size, mode, mute or volume changed; at most once a second",
  {
    width_px: count().optional().describe('width, CSS px'),
    height_px: count().optional().describe('height, CSS px'),
    fullscreen: z.boolean().optional().describe('fills the screen'),
    pip: z.boolean().optional().describe('picture in picture'),
    muted: z.boolean().optional().describe('sound off'),
    volume: z.number().min(0).max(1).optional().describe('volume, 0 to 1'),
  },
)
