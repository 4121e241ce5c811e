import { describe, expect, it } from 'vitest'
import { createDropLedger } from './createDropLedger.ts'

const sdk = { name: 'viewbeat-js', version: '0.1.0' }

describe('what SDKs report as lost', () => {
  it('is counted once, though batches carry the sum of their view', () => {
    const newly = createDropLedger()
    const report = (view_id: string, dropped: Record<string, number>) => newly({ view_id, sdk, dropped })
    expect(report('a', { expired: 3 })).toEqual([{ sdk: 'viewbeat-js/0.1.0', reason: 'expired', events: 3 }])
    expect(report('a', { expired: 3 })).toEqual([])
    expect(report('a', { expired: 5, queue_full: 1 })).toMatchObject([
      { reason: 'expired', events: 2 },
      { reason: 'queue_full', events: 1 },
    ])
    expect(report('b', { expired: 5 })).toMatchObject([{ events: 5 }])
    expect(report('b', { expired: 5, constructor: 2 })).toMatchObject([{ reason: 'other', events: 2 }])
  })

  it('does not become a metric for each word that a stranger makes up', () => {
    const newly = createDropLedger()
    const names = Array.from({ length: 100 }, (_, index) => {
      const [loss] = newly({
        view_id: `v${index}`,
        sdk: { name: `made-up-${index}`, version: '1.0.0' },
        dropped: { [`reason_${index}`]: 1 },
      })
      return [loss!.sdk, loss!.reason]
    })
    expect(new Set(names.map(([sdk]) => sdk)).size).toBe(21)
    expect(new Set(names.map(([, reason]) => reason))).toEqual(new Set(['other']))
  })
})
