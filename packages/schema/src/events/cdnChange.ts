import { defineEvent } from '../envelope.ts'
import { host, openEnum, text } from '../fields.ts'

export const cdnChange = defineEvent(
  'cdn_change',
  'media requests go to another host or CDN',
  { purpose: 'delivery' },
  {
    host: host().describe('host of the media from here on'),
    cdn: text(64).optional().describe('name of the CDN'),
    from_host: host().optional().describe('host before'),
    reason: openEnum(['steering', 'failover', 'redirect', 'unknown']).describe('why'),
  },
)
