import { afterEach, expect, it, vi } from 'vitest'
import { createView } from '../src/createView.ts'
import { ulid } from '../src/identity/ulid.ts'
import { createStore } from '../src/storage/createStore.ts'
import { createTransport } from '../src/transport/createTransport.ts'
import { createNetwork } from '../src/transport/network.ts'
import { virtualClock } from './virtualClock.ts'

afterEach(() => vi.unstubAllGlobals())

it('a watched hour, with what is unless said otherwise, is at most 130 requests and 90 KB of bodies', async () => {
  const bodies: number[] = []
  vi.stubGlobal('fetch', async (_url: string, { body }: RequestInit) => {
    bodies.push(typeof body === 'string' ? Buffer.byteLength(body) : (body as Blob).size)
    return new Response('', { status: 202 })
  })
  const time = virtualClock()
  const { clock } = time
  const visit = ulid(clock.epoch())
  const transport = createTransport({
    address: '/v1/events?key=pk_demo',
    clock,
    chance: Math.random,
    ways: createNetwork(),
    store: createStore('/v1/events', visit, clock.epoch),
    mayStore: false,
  })
  const frames = { frames_total: 0, frames_dropped: 0 }
  const view = createView({
    viewId: ulid(clock.epoch()),
    visitId: () => visit,
    chosen: () => undefined,
    watching: { id: 'ep-101', duration_ms: 3_600_000 },
    opening: { autoplay: false, preload: 'metadata' },
    clock,
    probes: {
      playhead: () => Math.round(clock.now()),
      rate: () => 1,
      standing: () => ({ buffer_ms: 24_000, throughput_bps: 8_400_000 }),
      seenOnce: () => Math.round(clock.now()),
      toEpoch: () => undefined,
      frames: () => ({ ...frames }),
      describe: (content) => ({
        content,
        player: { name: 'html5', engine: 'hls.js', engine_version: '1.7.4' },
        source: { host: 'video.cdn.example', format: 'hls' },
        page: { origin: 'https://www.publisher.example', path: '/series/the-long-one/episode-101' },
      }),
    },
    settings: {},
    onCapture: () => {},
    onBatch: (batch) => {
      transport.enqueue(batch)
      transport.pump()
    },
  })
  view.playback.play('user')
  await time.pass(400)
  view.playback.move()
  for (let second = 10; second <= 3600; second += 10) {
    await time.pass(10_000)
    frames.frames_total += 250
    // What is being packed takes real time.
    await transport.settled()
    if (second % 600 === 0) {
      view.playback.seek('user')
      await time.pass(300)
      view.playback.move()
    }
  }
  view.close('unload')
  await transport.settled()
  expect(bodies.length).toBeGreaterThan(120)
  expect(bodies.length).toBeLessThanOrEqual(130)
  expect(bodies.reduce((a, b) => a + b, 0)).toBeLessThanOrEqual(90_000)
})
