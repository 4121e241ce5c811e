import { gunzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createNetwork } from './network.ts'

const { post } = createNetwork()

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

describe('post', () => {
  it.each([
    ['with', AbortController],
    ['without', undefined],
  ])('gives up on a request that hangs, %s an AbortController', async (_, controller) => {
    vi.stubGlobal('AbortController', controller)
    vi.stubGlobal('fetch', () => new Promise(() => {}))
    const answer = expect(post('/v1/events', '{}', true)).rejects.toBeUndefined()
    await vi.advanceTimersByTimeAsync(35_000)
    await answer
  })

  it('says status and pause of an answer, and leaves no timer', async () => {
    vi.stubGlobal('fetch', async () => new Response('', { status: 503, headers: { 'retry-after': '7' } }))
    expect(await post('/v1/events', '{}', true)).toEqual([503, 7000])
    expect(vi.getTimerCount()).toBe(0)
  })

  it('has no answer where the request fails or there is no fetch', async () => {
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('network')))
    await expect(post('/v1/events', '{}', true)).rejects.toThrow()
    vi.stubGlobal('fetch', undefined)
    await expect(post('/v1/events', '{}', true)).rejects.toThrow()
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('pack', () => {
  const { pack } = createNetwork()

  it('packs what is worth it, in a type that needs no preflight', async () => {
    const body = JSON.stringify({ title: 'Ünïcödé '.repeat(200) })
    const packed = (await pack(body)) as Blob
    expect(packed.type).toBe('application/x-www-form-urlencoded')
    expect(gunzipSync(Buffer.from(await packed.arrayBuffer())).toString()).toBe(body)
  })

  it('leaves what is small as it is, and says where an old browser cannot', async () => {
    expect(await pack('{}')).toBe('{}')
    vi.stubGlobal('CompressionStream', undefined)
    await expect(pack('x'.repeat(2000))).rejects.toThrow()
  })
})

describe('leave', () => {
  it('replaces what was left before, and takes back what needs leaving no more', () => {
    const left: { body: string; signal: AbortSignal }[] = []
    vi.stubGlobal('fetchLater', (_url: string, init: { body: string; signal: AbortSignal }) =>
      left.push(init),
    )
    const { leave } = createNetwork()
    expect([leave('/', 'a'), leave('/', 'b'), leave('/', '')]).toEqual([true, true, true])
    expect(left.map(({ body, signal }) => [body, signal.aborted])).toEqual([
      ['a', true],
      ['b', true],
    ])
  })

  it('says when the browser has no more room, and where it cannot be left there is nothing to try', () => {
    expect(createNetwork().leave('/', 'a')).toBe(true)
    vi.stubGlobal('fetchLater', () => {
      throw new DOMException('quota', 'QuotaExceededError')
    })
    expect(createNetwork().leave('/', 'a')).toBe(false)
  })
})
