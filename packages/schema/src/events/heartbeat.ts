import { defineEvent } from '../envelope.ts'
import { count, group } from '../fields.ts'
import { totals } from '../totals.ts'

export const heartbeat = defineEvent(
  'heartbeat',
  'at each interval while the view is open and not paused, and to close a batch',
  { purpose: 'state' },
  {
    totals,
    buffer_ms: count().optional().describe('media buffered ahead').meta({ purpose: 'stalls' }),
    throughput_bps: count().optional().describe("the player's estimate of the network"),
    live: group(
      { purpose: 'delivery' },
      {
        latency_ms: count().optional().describe('from the encoder to the screen'),
        edge_distance_ms: count().optional().describe('behind the live edge'),
      },
    )
      .optional()
      .describe('live only')
      .meta({ purpose: 'delivery' }),
  },
)
