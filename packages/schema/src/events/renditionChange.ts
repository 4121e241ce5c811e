import * as z from 'zod'
import { defineEvent } from '../envelope.ts'
import { count, group, openEnum, text } from '../fields.ts'

/** A rendition as far as the player can tell; a player that does not know its bitrate leaves it out. */
const rendition = {
  bitrate_bps: count().optional().describe('declared bitrate'),
  avg_bitrate_bps: count().optional().describe('declared average bitrate'),
  width_px: count().optional().describe('width'),
  height_px: count().optional().describe('height'),
  fps: z.number().min(0).optional().describe('frames per second'),
  codec: text(64).optional().describe('codec string'),
}

export const renditionChange = defineEvent(
  'rendition_change',
  'the rendered rendition changed, and once at the start',
  { purpose: 'quality' },
  {
    ...rendition,
    from: group({ purpose: 'quality' }, rendition).optional().describe('the rendition before'),
    reason: openEnum(['abr', 'user', 'cap', 'initial', 'unknown']).describe('why'),
    media: z.enum(['video', 'audio']).describe('which track'),
  },
)
