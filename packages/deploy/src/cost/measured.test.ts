import { describe, expect, it } from 'vitest'
import { measureViews } from '../../../local/src/load/measureViews.ts'
import { SDK } from '../../../player-sdk/src/sdk.ts'
import { virtualClock } from '../../../player-sdk/test/virtualClock.ts'
import measured from './measured.json' with { type: 'json' }
import type { ViewSends } from './trafficOf.ts'

describe('what the cost model counts with', () => {
  it('is of this SDK', () => {
    expect(measured.sdk).toEqual(SDK)
  })

  it.each([
    ['default', undefined],
    ['60', 60_000],
    ['120', 120_000],
  ] as const)(
    'is what the SDK sends now, within 5 %: heartbeat %s',
    { timeout: 30_000 },
    async (name, heartbeatMs) => {
      const { incidents_per_hour: incidents, views, minutes } = measured
      const now = await measureViews(virtualClock, { views, minutes, incidents, heartbeatMs })
      const then = measured.heartbeats[name]
      for (const part of ['first_minute', 'later_minute', 'end'] as const)
        for (const name of Object.keys(then[part]) as (keyof ViewSends)[]) {
          const ratio = now[part][name] / then[part][name]
          expect(ratio, `${part} ${name}: run node bench/batch-sizes.mjs --write`).toBeGreaterThan(0.95)
          expect(ratio, `${part} ${name}: run node bench/batch-sizes.mjs --write`).toBeLessThan(1.05)
        }
    },
  )
})
