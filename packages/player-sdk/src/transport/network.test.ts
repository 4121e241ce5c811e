import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createNetwork } from './network.ts'

const { post } = createNetwork()

beforeEach(() => {
  vi.useFakeTimers()
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
    const answer = post('/v1/events', '{}', true)
    await vi.advanceTimersByTimeAsync(35_000)
    expect(await answer).toEqual([0, 0])
  })

  it('says status and pause of an answer, and leaves no timer', async () => {
    vi.stubGlobal('fetch', async () => new Response('', { status: 503, headers: { 'retry-after': '7' } }))
    expect(await post('/v1/events', '{}', true)).toEqual([503, 7000])
    expect(vi.getTimerCount()).toBe(0)
  })

  it('has no answer where the request fails or there is no fetch', async () => {
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('network')))
    expect(await post('/v1/events', '{}', true)).toEqual([0, 0])
    vi.stubGlobal('fetch', undefined)
    expect(await post('/v1/events', '{}', true)).toEqual([0, 0])
    expect(vi.getTimerCount()).toBe(0)
  })
})
