// @vitest-environment happy-dom
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { MediaPlayer, Protection } from 'dashjs'
import Hls from 'hls.js'
import shakaPlayer from 'shaka-player'
import { describe, expect, it } from 'vitest'
import { fakeEmitter } from '../../test/fakeEmitter.ts'
import { recordSignals } from '../../test/recordSignals.ts'
import type { Engine } from '../engine.ts'
import { dash } from './dash.ts'
import { hls } from './hls.ts'
import { hlsError, isNudge } from './hlsError.ts'
import { shaka } from './shaka.ts'
import { videojs } from './videojs.ts'

const require = createRequire(import.meta.url)
const read = (path: string) => readFileSync(require.resolve(path), 'utf8')

/** What an adapter listens to of a player that answers `answer` to all it is asked. */
const listened = (adapt: (player: never) => Engine, answer: unknown = undefined) => {
  const emitter = fakeEmitter()
  const methods = {
    on: emitter.add,
    off: emitter.remove,
    addEventListener: emitter.add,
    removeEventListener: emitter.remove,
  }
  const player = new Proxy(methods, { get: (own, name) => own[name as 'on'] || (() => answer) })
  const recorded = recordSignals()
  adapt(player as never).connect(recorded.signals)
  return { ...recorded, emitter, types: [...new Set(emitter.types)] }
}

/** The adapters do not import the players: these hold their words against the players' own. */
describe('what the adapters listen to is there', () => {
  it('in hls.js', () => {
    const { types } = listened(hls)
    expect(types.length).toBeGreaterThan(10)
    expect(Object.values(Hls.Events)).toEqual(expect.arrayContaining(types))
  })

  it('in dash.js', () => {
    const { types } = listened(dash)
    expect(types.length).toBeGreaterThan(9)
    const { events } = Protection as unknown as { events: Record<string, string> }
    const known = [...Object.values(MediaPlayer.events), ...Object.values(events)]
    // Not among those that dash.js publishes.
    expect(types.filter((type) => !known.includes(type as never))).toEqual(['urlResolutionFailed'])
    expect(read('dashjs')).toContain('"urlResolutionFailed"')
  })

  it('in Shaka Player', () => {
    const { types } = listened(shaka)
    expect(types.length).toBeGreaterThan(8)
    const script = read('shaka-player')
    expect(types.filter((type) => !script.includes(`"${type}"`) && !script.includes(`'${type}'`))).toEqual([])
  })

  it('in video.js and VHS', () => {
    const tech = listened(videojs, undefined).types
    const { types } = listened(videojs, undefined)
    expect(types.length).toBeGreaterThan(4)
    const script = read('video.js')
    const missing = [
      ...types,
      ...tech,
      'excludeplaylist',
      'retryplaylist',
      'segment-metadata',
      'cuechange',
    ].filter((type) => !script.includes(`'${type}'`))
    // contrib-ads puts the word before what video.js calls it.
    expect([...new Set(missing)]).toEqual(['contentloadstart'])
    expect(script).toContain(`'loadstart'`)
    expect(read('videojs-contrib-ads')).toContain(`prefixEvent(player, 'content', event)`)
  })
})

describe('what the adapters take words for is said', () => {
  it('by hls.js: each detail of an error has the category of what failed', () => {
    const types = Object.entries(Hls.ErrorTypes)
    const kinds: Record<string, string[]> = {}
    for (const details of Object.values(Hls.ErrorDetails)) {
      // As hls.js has them: those of loading are of the network, those of keys systems of their own type.
      const type = /load|manifest|level|playlist/i.test(details) ? 'networkError' : 'mediaError'
      const { category } = hlsError({ type, details })
      kinds[category] = [...(kinds[category] || []), details]
    }
    expect(types).toHaveLength(5)
    expect(kinds.source).toEqual([
      'manifestIncompatibleCodecsError',
      'bufferAddCodecError',
      'bufferIncompatibleCodecsError',
    ])
    expect(kinds.drm!.filter((details) => !details.startsWith('key'))).toEqual(['fragDecryptError'])
    expect(kinds.network).toEqual(['fragLoadError', 'fragLoadTimeOut'])
    expect(kinds.manifest).toEqual([
      'manifestLoadError',
      'manifestLoadTimeOut',
      'manifestParsingError',
      'levelEmptyError',
      'playlistUnchangedError',
      'levelLoadError',
      'levelLoadTimeOut',
      'levelParsingError',
      'levelSwitchError',
      'audioTrackLoadError',
      'audioTrackLoadTimeOut',
      'subtitleTrackLoadError',
      'subtitleTrackLoadTimeOut',
      'assetListLoadError',
      'assetListLoadTimeout',
    ])
  })

  it('by hls.js: only two errors are moves of the playhead', () => {
    expect(Object.values(Hls.ErrorDetails).filter((details) => isNudge({ details }))).toEqual([
      'bufferSeekOverHole',
      'bufferNudgeOnStall',
    ])
  })

  it('by Shaka Player: the codes and types that the adapter knows by number', () => {
    const { RequestType, AdvancedRequestType } = shakaPlayer.net.NetworkingEngine
    expect([RequestType.MANIFEST, RequestType.SEGMENT, RequestType.CONTENT_STEERING]).toEqual([0, 1, 8])
    expect(AdvancedRequestType.MEDIA_SEGMENT).toBe(1)
    const { Code, Category, Severity } = shakaPlayer.util.Error as unknown as Record<
      string,
      Record<string, number>
    >
    expect(Code).toMatchObject({
      BAD_HTTP_STATUS: 1001,
      ATTEMPTS_EXHAUSTED: 1010,
      LOAD_INTERRUPTED: 7000,
      OPERATION_ABORTED: 7001,
      OBJECT_DESTROYED: 7003,
    })
    expect(Category).toMatchObject({ NETWORK: 1, TEXT: 2, PLAYER: 7 })
    expect(Severity).toEqual({ RECOVERABLE: 1, CRITICAL: 2 })
  })

  it('by VHS: which uses of it are moves of the playhead, and which are a change of place', () => {
    const uses = [
      ...new Set(
        [...read('video.js').matchAll(/name: ['`](vhs-[\w-]+?)(?:-\$\{cause\})?['`]/g)].map(
          ([, name]) => name!,
        ),
      ),
    ]
    const causes = ['abr', 'exclude', 'content-steering'].map((cause) => `vhs-rendition-change-${cause}`)
    expect(uses).toContain('vhs-rendition-change')
    const element = Object.assign(document.createElement('video'), {})
    const emitter = fakeEmitter()
    const tech = { el: () => element, on: emitter.add, off: emitter.remove }
    const list = Object.assign([], { addEventListener() {}, removeEventListener() {} })
    const loads = fakeEmitter()
    const { signals, of } = recordSignals()
    const player = {
      on: loads.add,
      off: loads.remove,
      tech: () => tech,
      textTracks: () => list,
      audioTracks: () => list,
    }
    videojs(player as never).connect(signals)
    const jumps = uses.filter((name) => {
      const before = of('jump').length
      emitter.emit('usage', { name })
      return of('jump').length > before
    })
    expect(jumps.sort()).toEqual([
      'vhs-gap-skip',
      'vhs-live-resync',
      'vhs-unknown-waiting',
      'vhs-video-underflow',
    ])
    const why = [...uses, ...causes].map((name, n) => {
      emitter.emit('usage', { name })
      loads.emit('segmentloaded', {
        metadata: { segmentInfo: { uri: `https://${n}.example/1`, type: 'main' } },
      })
      return [name, of('host').at(-1)![1]]
    })
    expect(why.filter(([, reason]) => reason)).toEqual([
      ['vhs-rendition-change-exclude', 'failover'],
      ['vhs-rendition-change-content-steering', 'steering'],
    ])
    expect(read('video.js')).toMatch(/switchMedia_\(\w+, 'content-steering'/)
    expect(read('video.js')).toMatch(/switchMedia_\(\w+, 'exclude'/)
  })
})
