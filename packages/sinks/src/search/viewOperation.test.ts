import { foldView } from '@viewbeat/qoe'
import { flattenRecord, type ViewRecord } from '@viewbeat/schema'
import { describe, expect, it } from 'vitest'
import { aView, aViewWithoutTotals } from '../../test/views.ts'
import { viewOperation } from './viewOperation.ts'

const told = foldView(flattenRecord(aView())) as ViewRecord
const counted = foldView(flattenRecord(aViewWithoutTotals())) as ViewRecord
const versionOf = (view: ViewRecord, events = 1) => viewOperation(view, events).version

describe("the version of a view's record", () => {
  it('grows with the number of the newest totals', () => {
    expect(versionOf({ ...told, seq: 8 })).toBeLessThan(versionOf({ ...told, seq: 9 }))
  })

  it('grows with the events that were counted, whatever their numbers', () => {
    expect(versionOf({ ...counted, seq: 90 }, 3)).toBeLessThan(versionOf({ ...counted, seq: 9 }, 4))
  })

  it('is greater of totals than of anything that was counted', () => {
    expect(versionOf({ ...told, seq: 0 })).toBeGreaterThan(versionOf({ ...counted, seq: 1e15 }, 1e15))
  })

  it('stays a number that JSON carries whole', () => {
    expect(versionOf({ ...told, seq: Number.MAX_SAFE_INTEGER })).toBe(Number.MAX_SAFE_INTEGER)
    expect(versionOf({ ...told, seq: -5 })).toBe(versionOf({ ...told, seq: 0 }))
  })
})
