// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type Batch, withEvents } from '../batch.ts'
import { createStore } from './createStore.ts'

let now: number
beforeEach(() => {
  now = 1_790_000_000_000
  localStorage.clear()
})
afterEach(() => vi.unstubAllGlobals())

const open = (page: string, address = '/v1/events?key=pk_demo') => createStore(address, page, () => now)
const batch = (view: string, events: string[]): Batch =>
  withEvents({ at: now, view, head: '{"spec":"1.1"', events, lost: {} }, events)
const adopted = (store: ReturnType<typeof open>) => {
  const found: Batch[] = []
  store.adopt((batches) => found.push(...batches))
  return found
}

describe('what a page stored', () => {
  it('is found by another page once it is gone, and by one only', () => {
    open('a').save([batch('v', ['1', '2'])], true)
    now++
    const [first, second] = [adopted(open('b')), adopted(open('c'))]
    expect(first).toMatchObject([{ view: 'v', events: ['1', '2'] }])
    expect(second).toEqual([])
    expect(localStorage).toHaveLength(0)
  })

  it('is left to it while it lives, and for two minutes after it last said so', () => {
    open('a').save([batch('v', ['1'])])
    now += 119_000
    expect(adopted(open('b'))).toEqual([])
    now += 2000
    expect(adopted(open('b'))).toHaveLength(1)
  })

  it('is not taken by itself', () => {
    const store = open('a')
    store.save([batch('v', ['1'])], true)
    now++
    expect(adopted(store)).toEqual([])
  })

  it('is replaced by what it stores next, and gone when that is nothing', () => {
    const store = open('a')
    store.save([batch('v', ['1'])])
    store.save([batch('v', ['2'])])
    expect(localStorage).toHaveLength(1)
    expect(JSON.stringify(localStorage)).not.toContain('"1"')
    store.save([])
    expect(localStorage).toHaveLength(0)
  })

  it('is not found by pages that send elsewhere, nor are entries of the site touched', () => {
    localStorage.cart = '{"n":1}'
    localStorage['viewbeat of another kind'] = 'not JSON'
    open('a').save([batch('v', ['1'])], true)
    now++
    expect(adopted(open('b', '/elsewhere?key=pk_other'))).toEqual([])
    open('b', '/elsewhere?key=pk_other').clear()
    open('a').clear()
    expect(Object.keys(localStorage).toSorted()).toEqual(['cart', 'viewbeat of another kind'])
  })

  it('keeps the newest when there is too much, and reports in its own view what was left out', () => {
    const large = (view: string, name: string) => batch(view, [name, 'x'.repeat(20_000)])
    open('a').save([large('v', 'old'), large('w', 'other'), large('v', 'new')], true)
    now++
    const found = adopted(open('b'))
    expect(found.map(({ view, lost }) => [view, lost])).toEqual([
      ['w', {}],
      ['v', { storage_full: 2 }],
    ])
    expect(JSON.stringify(found)).not.toContain('old')
  })

  it('keeps of a view that has no room for more its totals', () => {
    const large = (view: string) => batch(view, ['x'.repeat(40_000), `"totals of ${view}"`])
    open('a').save([large('ended'), large('new')], true)
    now++
    expect(adopted(open('b')).map(({ view, events, lost }) => [view, events.length, lost])).toEqual([
      ['ended', 1, { storage_full: 1 }],
      ['new', 2, {}],
    ])
  })

  it('is taken an entry at a time, so that a page never takes over more than it can keep', () => {
    open('a').save([batch('v', ['1'])], true)
    open('b').save([batch('w', ['2'])], true)
    now++
    const store = open('c')
    expect(adopted(store)).toHaveLength(1)
    expect(adopted(store)).toHaveLength(1)
    expect(adopted(store)).toHaveLength(0)
  })

  it('stays where it is when the page does not take it after all', () => {
    open('a').save([batch('v', ['1'])], true)
    now++
    open('b').adopt(() => {
      throw new Error('no')
    })
    expect(adopted(open('b'))).toHaveLength(1)
  })

  it.each([
    'not json',
    '5',
    'null',
    '[null]',
    '[0,{}]',
    '[0,[null]]',
    '[0,[{}]]',
    '[0,[{"events":"x"}]]',
    '{"length":2}',
  ])('is in nobody’s way where somebody else wrote %s under its name', (text) => {
    localStorage['viewbeat /v1/events?key=pk_demo 0'] = text
    open('a').save([batch('v', ['1'])], true)
    now++
    const store = open('b')
    const found = [...adopted(store), ...adopted(store)]
    expect(found.filter(({ head }) => head.startsWith('{"spec"'))).toHaveLength(1)
    for (const { head, bytes, events, view } of found) {
      expect([typeof head, typeof view, Array.isArray(events)]).toEqual(['string', 'string', true])
      expect(bytes).toBeGreaterThan(0)
    }
    expect(localStorage).toHaveLength(0)
  })

  it('reaches no prototype', () => {
    const text = JSON.stringify([0, [{ ...batch('v', ['1']), view: '__proto__', lost: { polluted: 1 } }]])
    localStorage['viewbeat /v1/events?key=pk_demo 0'] = text
    const store = open('b')
    const found = adopted(store)
    store.save(found)
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
    expect(({} as Record<string, unknown>).storage_full).toBeUndefined()
  })

  it('is less where the origin has less room, and nothing, without harm, where it has none', () => {
    let room = 5000
    const entries: Record<string, string> = {}
    vi.stubGlobal(
      'localStorage',
      new Proxy(entries, {
        set(target, key: string, value: string) {
          if (value.length > room) throw new DOMException('full', 'QuotaExceededError')
          target[key] = value
          return true
        },
        get: (target, key: string) =>
          key === 'removeItem' ? (name: string) => delete target[name] : target[key],
      }),
    )
    const store = open('a')
    const many = Array.from({ length: 40 }, (_, n) => batch('v', [`"${n}"`, 'x'.repeat(400)]))
    store.save(many)
    const [[, kept]] = Object.values(entries).map((text) => JSON.parse(text))
    expect(kept.length).toBeGreaterThan(0)
    expect(kept.length * 2 + kept[0].lost.storage_full).toBe(80)
    room = 0
    store.save(many)
    expect(entries).toEqual({})
  })

  it('does no harm where there is no storage at all', () => {
    vi.stubGlobal('localStorage', undefined)
    const store = open('a')
    store.save([batch('v', ['1'])])
    store.clear()
    expect(adopted(store)).toEqual([])
  })
})
