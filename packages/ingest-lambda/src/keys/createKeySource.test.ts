import { beforeEach, describe, expect, it } from 'vitest'
import { createKeySource } from './createKeySource.ts'

const ON = { pk_a: { publisher: 'a', origins: ['*'] } }
const OFF = { pk_a: { publisher: 'a', origins: ['*'], state: 'off' } }

let now = 0
let document: unknown
let loads: number
let troubles: string[][]

beforeEach(() => {
  now = 0
  document = ON
  loads = 0
  troubles = []
})

const open = () =>
  createKeySource({
    load: async () => {
      loads++
      if (document instanceof Error) throw document
      return document
    },
    refresh_ms: 60_000,
    now: () => now,
    onTrouble: (trouble, faults) => troubles.push([trouble, ...faults]),
  })

const stateOf = async (keys: ReturnType<typeof open>) => {
  const entry = (await keys()).get('pk_a')
  return entry === 'broken' ? entry : entry?.state
}

describe('the keys in force', () => {
  it('follow the document within one refresh', async () => {
    const keys = open()
    expect(await stateOf(keys)).toBe('on')
    document = OFF
    now = 59_999
    expect(await stateOf(keys)).toBe('on')
    now = 60_000
    expect(await stateOf(keys)).toBe('off')
    expect(loads).toBe(2)
  })

  it('are read once for all requests that wait for them', async () => {
    const keys = open()
    await Promise.all([keys(), keys(), keys()])
    expect(loads).toBe(1)
  })

  it.each([
    ['cannot be read', new Error('ssm answered 500')],
    ['is no object', []],
  ])(
    'stay as they were while the document %s, and it is asked for again a second later',
    async (_, wrong) => {
      const keys = open()
      await keys()
      document = wrong
      now = 60_000
      expect(await stateOf(keys)).toBe('on')
      expect(troubles.map(([trouble]) => trouble)).toEqual(['stale'])
      document = OFF
      now = 60_999
      expect(await stateOf(keys)).toBe('on')
      now = 61_000
      expect(await stateOf(keys)).toBe('off')
    },
  )

  it('are not there while none were ever read, and are asked for with each request', async () => {
    document = new Error('down')
    const keys = open()
    await expect(keys()).rejects.toThrow('down')
    document = ON
    expect(await stateOf(keys)).toBe('on')
  })

  it('keep an entry that was good when its next version is wrong, and take the rest', async () => {
    const keys = open()
    await keys()
    document = { pk_a: { publisher: 'a', origins: [] }, pk_b: { publisher: 'b', origins: ['*'] } }
    now = 60_000
    expect(await stateOf(keys)).toBe('on')
    expect((await keys()).get('pk_b')).toMatchObject({ publisher: 'b' })
    expect(troubles).toEqual([['invalid', expect.stringMatching(/^pk_a\.origins: /)]])
  })

  it('name an entry that was never good as broken', async () => {
    document = { pk_a: { publisher: 'a', origins: ['*'], quota_events_per_s: -1 } }
    expect(await stateOf(open())).toBe('broken')
    expect(troubles[0]![1]).toMatch(/^pk_a\.quota_events_per_s: /)
  })
})
