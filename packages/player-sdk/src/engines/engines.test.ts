// @vitest-environment happy-dom
import type { MediaPlayerClass } from 'dashjs'
import type Hls from 'hls.js'
import type shakaPlayer from 'shaka-player'
import type videojsPlayer from 'video.js'
import { describe, expect, it } from 'vitest'
import { fakeEmitter } from '../../test/fakeEmitter.ts'
import { recordSignals } from '../../test/recordSignals.ts'
import type { Engine } from '../engine.ts'
import { dash } from './dash.ts'
import { hls } from './hls.ts'
import { shaka } from './shaka.ts'
import { videojs } from './videojs.ts'

/** The adapters take the players as their packages type them. */
const ADAPTERS = {
  hls: (player) => hls(player as Hls, { sampleRequests: 1 }),
  dash: (player) => dash(player as MediaPlayerClass, { sampleRequests: 1 }),
  shaka: (player) => shaka(player as shakaPlayer.Player, { sampleRequests: 1 }),
  videojs: (player) => videojs(player as ReturnType<typeof videojsPlayer>, { sampleRequests: 1 }),
} satisfies Record<string, (player: unknown) => Engine>

const METHODS = ['on', 'off', 'addEventListener', 'removeEventListener']

/** A player that can be listened to; all else of it is `answer`'s. */
const playerWith = (answer: (name: string) => unknown) => {
  const emitter = fakeEmitter()
  const player = new Proxy(
    {},
    {
      get: (_, name: string) =>
        METHODS.includes(name) ? (/^(on|add)/.test(name) ? emitter.add : emitter.remove) : answer(name),
    },
  )
  return { player, emitter }
}

const KEYS = [
  ...[
    'frag',
    'part',
    'stats',
    'loading',
    'details',
    'level',
    'id',
    'request',
    'error',
    'code',
    'data',
    'detail',
  ],
  ...[
    'newRepresentation',
    'newMediaInfo',
    'context',
    'response',
    'stream',
    'segment',
    'newTrack',
    'metadata',
  ],
  ...['segmentInfo', 'uri', 'url', 'mediaType', 'name', 'networkDetails', 'requestType', 'fatal', 'type'],
]
const LEAVES = [undefined, null, Number.NaN, -1, 0, 1, 27, '', 'x', 'https://a.example/1', [], {}]

/** Anything that may be where something else was expected; the same in each run. */
const oddThings = (count: number) => {
  let seed = 1
  const pick = (below: number) => {
    seed = (seed * 48_271) % 2_147_483_647
    return seed % below
  }
  const odd = (depth: number): unknown =>
    depth && pick(3)
      ? Object.fromEntries(
          Array.from({ length: 1 + pick(6) }, () => [KEYS[pick(KEYS.length)], odd(depth - 1)]),
        )
      : LEAVES[pick(LEAVES.length)]
  return Array.from({ length: count }, () => odd(4))
}

describe.each(Object.entries(ADAPTERS))('the adapter %s', (_, adapt) => {
  it('throws nothing, and tells nothing, of a player that throws in all that it has', () => {
    const { player, emitter } = playerWith(() => {
      throw new Error('gone')
    })
    const { signals, told } = recordSignals()
    const engine = adapt(player)
    expect(engine.player.engine).toMatch(/^(hls\.js|dash\.js|shaka|vhs)$/)
    const stop = engine.connect(signals)
    const { renditions, format, ...rest } = engine.read()
    expect(rest).toEqual({})
    expect(told).toEqual([])
    stop()
    expect(emitter.types).toEqual([])
  })

  it('throws nothing of a player that cannot even be listened to', () => {
    const nothing = new Proxy(
      {},
      {
        get: () => {
          throw new Error('gone')
        },
      },
    )
    const engine = adapt(nothing)
    engine.read()
    expect(() => engine.connect(recordSignals().signals)()).not.toThrow()
  })

  it('throws nothing, whatever the player tells and answers', () => {
    const things = oddThings(300)
    for (const answer of oddThings(5)) {
      const { player, emitter } = playerWith(() => Object.assign(() => answer, answer))
      const engine = adapt(player)
      const stop = engine.connect(recordSignals().signals)
      for (const type of new Set(emitter.types))
        for (const thing of things) {
          emitter.emit(type, thing)
          emitter.emit(type, type, thing)
        }
      engine.read()
      stop()
      expect(emitter.types).toEqual([])
    }
  })

  it('tells nothing any more once it is stopped, and can be connected again', () => {
    const { player, emitter } = playerWith(() => undefined)
    const engine = adapt(player)
    engine.connect(recordSignals().signals)()
    expect(emitter.types).toEqual([])
    const stop = engine.connect(recordSignals().signals)
    expect(emitter.types).not.toEqual([])
    stop()
  })
})
