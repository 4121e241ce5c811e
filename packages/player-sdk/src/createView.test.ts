import { checkOrder, MAX_PRODUCER_BODY_BYTES, type PlayerEvent, parseBatch } from '@viewbeat/schema'
import { describe, expect, it } from 'vitest'
import producerSchema from '../../schema/schemas/1.2/producer/batch.json' with { type: 'json' }
import { createValidator } from '../../schema/src/compat/createValidator.ts'
import type { JsonSchema } from '../../schema/src/jsonSchema/jsonSchema.ts'
import { virtualClock } from '../test/virtualClock.ts'
import { type Batch, toLine } from './batch.ts'
import { createView } from './createView.ts'
import { ulid } from './identity/ulid.ts'
import type { TrackOptions } from './options.ts'
import type { FlushReason } from './queue/createBatcher.ts'

const bench = (options: Pick<TrackOptions, 'heartbeatMs' | 'maxAgeMs' | 'beforeSend'> = {}) => {
  const time = virtualClock()
  const batches: { reason: FlushReason; at: number; sealed: Batch }[] = []
  const captured: PlayerEvent[] = []
  const view = createView({
    viewId: ulid(time.clock.epoch()),
    visitId: () => '01K5M0PV40ZZZZZZZZZZZZZZZA',
    chosen: () => undefined,
    watching: { id: 'ep-101' },
    opening: { autoplay: false },
    clock: time.clock,
    probes: {
      playhead: () => 0,
      rate: () => 1,
      standing: () => ({ buffer_ms: 0 }),
      seenOnce: () => undefined,
      toEpoch: () => undefined,
      frames: () => undefined,
      describe: (content) => ({ content, player: { name: 'html5' } }),
    },
    settings: options,
    onCapture: (event) => captured.push(event),
    onBatch: (sealed, reason) => batches.push({ reason, at: time.clock.now(), sealed }),
  })
  const play = () => {
    view.playback.play('user')
    view.playback.move()
  }
  const bodies = () => batches.map(({ sealed }) => JSON.parse(toLine(sealed, time.clock.epoch())))
  return {
    time,
    view,
    play,
    batches,
    bodies,
    captured,
    reasons: () => batches.map(({ reason, at }) => `${reason} ${at}`),
  }
}

describe('a view', () => {
  it('numbers its events from 0 without a gap, view_start first and view_end last', async () => {
    const { time, view, play, captured } = bench()
    play()
    await time.pass(95_000)
    view.close('unload')
    expect(captured.map(({ seq }) => seq)).toEqual(captured.map((_, index) => index))
    expect(captured[0]).toMatchObject({ type: 'view_start', t_ms: 0, state: 'preloading' })
    expect(captured.at(-1)).toMatchObject({ type: 'view_end', reason: 'unload', state: 'quit', t_ms: 95_000 })
  })

  it('makes only batches that the schema takes whole', async () => {
    const { time, view, play, bodies } = bench()
    play()
    view.record({ type: 'custom', name: 'chapter', value: { n: 2 } })
    await time.pass(70_000)
    view.close('stopped')
    for (const body of bodies())
      expect(parseBatch(body)).toMatchObject({ ok: true, rejected: [], unknown: { events: 0, fields: 0 } })
  })

  it('sends nothing but what producers of its version may, in an order that keeps every rule', async () => {
    const { time, view, play, bodies } = bench()
    play()
    view.playback.stand({ since: view.elapsed(), by: 'event' })
    await time.pass(1000)
    view.playback.move()
    view.record({ type: 'custom', name: 'chapter', value: { n: 2 } })
    await time.pass(20_000)
    view.close('stopped')
    const conforms = createValidator(producerSchema as JsonSchema)
    for (const body of bodies()) expect(conforms(body) || conforms.errors).toBe(true)
    expect(checkOrder(bodies().flatMap(({ events }) => events))).toEqual([])
  })

  it('ends every batch with totals whose times add up to t_ms', async () => {
    const { time, view, play, bodies } = bench({ maxAgeMs: 1000 })
    await time.pass(333)
    play()
    await time.pass(7001)
    view.playback.stand({ since: view.elapsed(), by: 'event' })
    await time.pass(1234)
    view.playback.move()
    await time.pass(40_000)
    view.close('unload')
    for (const { events } of bodies()) {
      const { totals, t_ms } = events.at(-1)
      const { preloading_ms = 0, starting_ms = 0, playing_ms = 0, rebuffering_ms = 0 } = totals
      expect(preloading_ms + starting_ms + playing_ms + rebuffering_ms).toBe(t_ms)
    }
  })

  it('records nothing after its end', () => {
    const { view, captured, time } = bench()
    view.close('stopped')
    const before = captured.length
    view.record({ type: 'custom', name: 'late' })
    view.playback.play('user')
    view.close('unload')
    expect(captured).toHaveLength(before)
    expect(time.pending).toBe(0)
  })

  it('says what it lost with every batch that leaves after', () => {
    const { view, bodies } = bench()
    view.record({ type: 'custom', name: 'huge', value: 'x'.repeat(9000) })
    view.record({ type: 'custom', name: 'small' })
    view.flush('manual')
    const [{ dropped, events }] = bodies()
    expect(dropped).toEqual({ too_large: 1 })
    expect(events.map(({ seq }: PlayerEvent) => seq)).toEqual([0, 2, 3])
  })
})

describe('a batch leaves', () => {
  it('at once for what is urgent, several urgent events together', async () => {
    const { time, play, reasons, bodies } = bench()
    play()
    await time.pass(1000)
    expect(reasons()).toEqual(['urgent 900'])
    expect(bodies()[0].events.map(({ type }: PlayerEvent) => type)).toEqual([
      'view_start',
      'play_request',
      'first_frame',
      'heartbeat',
    ])
  })

  it('every 10 s in the first minute and every 30 s after, while it plays', async () => {
    const { time, play, reasons } = bench()
    play()
    await time.pass(150_000)
    expect(reasons()).toEqual([
      'urgent 900',
      ...[10_900, 20_900, 30_900, 40_900, 50_900, 80_900, 110_900, 140_900].map((at) => `heartbeat ${at}`),
    ])
  })

  it('once more after a pause, and then not until something happens', async () => {
    const { time, view, play, reasons } = bench()
    play()
    await time.pass(1000)
    view.playback.pause('user')
    await time.pass(600_000)
    expect(reasons()).toEqual(['urgent 900', 'heartbeat 10900'])
    expect(time.pending).toBe(0)
  })

  it('before an event gets older than maxAgeMs', async () => {
    const { time, view, reasons } = bench({ maxAgeMs: 1000 })
    await time.pass(5000)
    view.record({ type: 'custom', name: 'chapter' })
    await time.pass(1000)
    expect(reasons()).toEqual(['urgent 900', 'age 6000'])
  })

  it('when it is full, and always fits a request', () => {
    const { time, view, batches } = bench()
    for (let i = 0; i < 30; i++) view.record({ type: 'custom', name: 'big', value: 'ü'.repeat(4000) })
    expect(batches.length).toBeGreaterThan(3)
    for (const { reason, sealed } of batches) {
      const body = toLine(sealed, time.clock.epoch())
      expect(reason).toBe('full')
      expect(Buffer.byteLength(body)).toBeLessThanOrEqual(MAX_PRODUCER_BODY_BYTES)
      expect(Buffer.byteLength(body)).toBeLessThanOrEqual(sealed.bytes)
    }
  })

  it('with the context of now and the time of leaving', async () => {
    const { time, view, bodies } = bench()
    view.describe({ id: 'ep-102' })
    await time.pass(1000)
    expect(bodies()[0].context.content).toEqual({ id: 'ep-102' })
    const sentAt = () => bodies()[0].sent_at
    const first = sentAt()
    await time.pass(5000)
    expect(sentAt()).toBe(first + 5000)
  })
})

describe('the host, before a batch is sent,', () => {
  const track = (view: ReturnType<typeof bench>['view']) => {
    view.record({ type: 'custom', name: 'secret', value: 'a@b.example' })
    view.record({ type: 'custom', name: 'chapter' })
    view.flush('manual')
  }

  it('may edit it; what it takes out is counted, and what is not sent yet is edited too', () => {
    const { view, bodies, time } = bench({
      beforeSend: (batch) => ({
        ...batch,
        context: { ...batch.context, content: { id: 'hidden' } },
        events: batch.events.filter((event) => event.type !== 'custom' || event.name !== 'secret'),
      }),
    })
    view.record({ type: 'custom', name: 'secret', value: 'a@b.example' })
    expect(toLine(view.tail(), time.clock.epoch())).not.toContain('example')
    track(view)
    const [body] = bodies()
    expect(JSON.stringify(body)).not.toContain('example')
    expect(body).toMatchObject({ context: { content: { id: 'hidden' } }, dropped: { before_send: 2 } })
    expect(parseBatch(body)).toMatchObject({ ok: true, rejected: [] })
  })

  it.each([
    ['answers nothing', () => undefined],
    [
      'throws',
      () => {
        throw new Error('host')
      },
    ],
    ['answers a promise', async () => undefined],
    ['answers what is no batch', () => ({})],
  ] as [string, () => never][])('drops it where it %s, and that is counted', (_, beforeSend) => {
    let isBroken = true
    const { view, batches, bodies } = bench({ beforeSend: (batch) => (isBroken ? beforeSend() : batch) })
    track(view)
    expect(batches).toEqual([])
    isBroken = false
    view.record({ type: 'custom', name: 'after' })
    view.flush('manual')
    expect(bodies()[0].dropped).toEqual({ before_send: 4 })
  })
})

describe('the host', () => {
  it('may add to a batch, and nothing is counted for it', () => {
    const { view, bodies } = bench({
      beforeSend: (batch) => ({ ...batch, events: [...batch.events, batch.events[0]!] }),
    })
    view.flush('manual')
    expect(bodies()[0].dropped).toEqual({})
  })
})

describe('a view whose picture may have begun to stand', () => {
  it('puts its heartbeat off for a second, and no longer', async () => {
    const { time, view, play, reasons } = bench({ heartbeatMs: 5000 })
    play()
    for (let at = 0; at < 14_000; at += 250) {
      view.look({ position: at, rate: 1, frames: 1 })
      await time.pass(250)
    }
    expect(reasons().filter((reason) => reason.startsWith('heartbeat'))).toEqual([
      'heartbeat 6900',
      'heartbeat 12900',
    ])
  })
})

describe('a view that stands still', () => {
  it('has stood since the element said so, which a busy page hears later', async () => {
    const { time, view, play, captured } = bench()
    play()
    await time.pass(2000)
    view.wait(false, 200)
    await time.pass(100)
    view.record({ type: 'custom', name: 'chapter' })
    expect(captured.slice(-2)).toMatchObject([{ type: 'rebuffer_start', t_ms: 1800 }, { type: 'custom' }])
  })

  it('counts its stall without the time the page was away', async () => {
    const { time, view, play, captured } = bench()
    play()
    view.playback.stand({ since: view.elapsed(), by: 'event' })
    await time.pass(1000)
    view.freeze('freeze')
    view.freeze('bfcache')
    await time.pass(60_000)
    view.thaw()
    view.thaw()
    await time.pass(500)
    view.playback.move()
    expect(captured.at(-1)).toMatchObject({ type: 'rebuffer_end', duration_ms: 1500 })
    expect(captured.filter(({ type }) => type === 'visibility_change')).toMatchObject([
      { visible: false, cause: 'freeze' },
      { visible: true, cause: 'freeze', away_ms: 60_000 },
    ])
  })

  it('is told of a stall from when it began, though a heartbeat was due before it was made out', async () => {
    const { time, view, play, captured } = bench()
    play()
    // Four looks a second; the playhead stops 100 ms before the heartbeat of 10.9 s is due.
    for (let at = 250; at <= 12_000; at += 250) {
      await time.pass(250)
      view.look({ position: Math.min(at, 10_800), rate: 1 })
    }
    const [stall, next] = captured.slice(-2)
    expect(stall).toMatchObject({ type: 'rebuffer_start', t_ms: 10_800 })
    expect(next).toMatchObject({ type: 'heartbeat', state: 'rebuffering' })
    expect(checkOrder(captured)).toEqual([])
  })
})
