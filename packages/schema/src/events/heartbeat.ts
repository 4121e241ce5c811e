import { z } from 'zod'
import { defineEvent } from '../envelope.ts'
import { count } from '../fields.ts'
import { totals } from '../totals.ts'

export const heartbeat = defineEvent(
  'heartbeat',
  'at each interval while the view is open and not paused, and to close a batch',
  {
    totals,
    buffer_ms: count().optional().describe('ms of media buffered ahead'),
    throughput_bps: count().optional().describe("the player's estimate of the network, bit/s"),
    live: z
      .object({
        latency_ms: count().optional().describe('ms from the encoder to the screen'),
        edge_distance_ms: count().optional().describe('ms behind the live edge'),
      })
      .optional()
      .describe('live only'),
  },
)
