import { defineEvent } from '../envelope.ts'
import { count, host, openEnum, share } from '../fields.ts'

export const request = defineEvent(
  'request',
  'a request for media, a manifest or a key has settled; sampled',
  { purpose: 'delivery' },
  {
    object: openEnum(['manifest', 'video', 'audio', 'muxed', 'init', 'key', 'text', 'other']).describe(
      'what was asked for',
    ),
    host: host().optional().describe('host that was asked, never a path or query'),
    status: count().optional().describe('HTTP status; absent when there was no answer'),
    ttfb_ms: count().optional().describe('from the request to the first byte'),
    duration_ms: count().optional().describe('from the request to the last byte'),
    bytes: count().optional().describe('size of the body').meta({ unit: 'bytes' }),
    media_ms: count().optional().describe('length of the media in it'),
    bitrate_bps: count().optional().describe('declared bitrate of the media in it'),
    outcome: openEnum(['ok', 'failed', 'canceled', 'unknown']).describe('how it came out'),
    sample_rate: share().optional().describe('share of requests that are reported; 1 unless said'),
  },
)
