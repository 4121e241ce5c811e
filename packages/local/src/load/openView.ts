import type { Losses } from '../../../player-sdk/src/batch.ts'
import type { Clock } from '../../../player-sdk/src/clock.ts'
import { createView } from '../../../player-sdk/src/createView.ts'
import type { PlayerError } from '../../../player-sdk/src/engine.ts'
import { ulid } from '../../../player-sdk/src/identity/ulid.ts'
import type { CapturedEvent } from '../../../player-sdk/src/options.ts'
import { createStore } from '../../../player-sdk/src/storage/createStore.ts'
import { createTransport } from '../../../player-sdk/src/transport/createTransport.ts'
import type { Network } from '../../../player-sdk/src/transport/network.ts'
import { createPlayer } from './createPlayer.ts'
import type { Random } from './createRandom.ts'
import { RENDITIONS, type Scenario, type Step } from './scenario.ts'

const WARNING: PlayerError = {
  severity: 'warning',
  category: 'network',
  code: 'fragLoadTimeOut',
  message: 'timeout of 10000ms exceeded',
  recovered: true,
}
const FATAL: PlayerError = {
  severity: 'fatal',
  category: 'network',
  code: 'fragLoadError',
  message: 'HTTP Error 503 Service Unavailable',
  http_status: 503,
}

/**
 * One page with one player, which does what the scenario says: the SDK's own view and transport, without a browser around
 * them. Time is `clock`'s; `pace` is what the transport waits by, where that is another clock's time.
 */
export const openView = ({
  scenario,
  clock,
  pace = clock,
  network,
  address,
  random,
  heartbeatMs,
  makeId = ulid,
  onCapture = () => {},
}: {
  scenario: Scenario
  clock: Clock
  pace?: Pick<Clock, 'now' | 'setTimer'>
  network: Network
  /** Endpoint and key. */
  address: string
  random: Random
  /** ms between heartbeats, where it is not the SDK's own choice. */
  heartbeatMs?: number | undefined
  /** Makes the ids of the visit and of the view; `epoch`: epoch ms. */
  makeId?: (epoch: number) => string
  onCapture?: (event: CapturedEvent) => void
}) => {
  const { duration_ms, steps } = scenario
  const visitId = makeId(clock.epoch())
  const player = createPlayer(clock)
  const transport = createTransport({
    address,
    clock: { now: pace.now, setTimer: pace.setTimer, epoch: clock.epoch },
    chance: random,
    ways: network,
    store: createStore(address, visitId, clock.epoch),
    mayStore: false,
  })
  let lost: Losses = {}
  const content = Math.floor(random() * 500)
  const throughput_bps = Math.round(3e6 + random() * 2e7)
  const view = createView({
    viewId: makeId(clock.epoch()),
    visitId: () => visitId,
    chosen: () => undefined,
    watching: { id: `ep-${content}`, duration_ms },
    opening: { autoplay: false, preload: 'metadata', page_load_ms: Math.round(300 + random() * 2500) },
    clock,
    probes: {
      playhead: player.position,
      rate: () => 1,
      standing: () => ({
        buffer_ms: player.moving ? Math.round(random() * 30_000) : 0,
        throughput_bps: Math.round(throughput_bps * (0.8 + 0.4 * random())),
      }),
      seenOnce: player.played,
      toEpoch: () => undefined,
      frames: player.frames,
      describe: (content) => ({
        content,
        player: { name: 'html5', engine: 'hls.js', engine_version: '1.7.4' },
        source: { host: 'video.cdn.example', format: 'hls' },
        page: { origin: 'https://www.publisher.example', path: `/series/the-long-one/${content.id}` },
      }),
    },
    settings: heartbeatMs ? { heartbeatMs } : {},
    onCapture,
    onBatch: (batch, reason) => {
      lost = batch.lost
      transport.enqueue(batch)
      if (reason !== 'hidden' && reason !== 'pagehide') transport.pump()
    },
  })

  const does: { [name in Step['does']]: (step: Step) => void } = {
    play: () => view.playback.play('user'),
    move: () => {
      player.move()
      view.move()
    },
    stall: () => {
      player.halt()
      view.wait(false)
    },
    pause: () => {
      player.halt()
      view.pause('user')
    },
    seek: (step) => {
      player.seek((step as { to_ms: number }).to_ms)
      view.leave('user')
    },
    switch: (step) => {
      const { to, initial } = step as { to: number; initial: boolean }
      view.showRendition(RENDITIONS[to]!, initial ? 'initial' : 'abr', initial)
    },
    resize: () =>
      view.record({
        type: 'player_change',
        width_px: 1280,
        height_px: 720,
        device_pixel_ratio: 2,
        fullscreen: random() < 0.5,
        pip: false,
        muted: false,
        volume: 1,
      }),
    hide: () => {
      view.setHidden(true)
      view.record({ type: 'visibility_change', visible: false, cause: 'tab' })
      view.flush('hidden')
      transport.sendAll()
    },
    show: () => {
      view.setHidden(false)
      view.record({ type: 'visibility_change', visible: true, cause: 'tab' })
    },
    warn: () => view.warn(WARNING),
    fail: () => {
      player.halt()
      view.playback.fail(FATAL)
    },
    end: () => {
      player.halt()
      view.end()
    },
  }

  let cancel = () => {}
  let left = () => {}
  const begin = clock.now()
  const goOn = (index: number) => {
    const step = steps[index]
    const at = step?.at ?? scenario.leaves_at
    cancel = clock.setTimer(
      () => {
        if (!step) return left()
        does[step.does](step)
        goOn(index + 1)
      },
      Math.max(0, begin + at - clock.now()),
    )
  }

  return {
    viewId: view.viewId,
    /** Captures an event of the host's. */
    record: view.record,
    /** What the SDK has counted as lost, whether it could tell of it or not. */
    lost: () => Object.values(lost).reduce((sum, events) => sum + events, 0),
    /** Plays; resolves when the viewer is about to leave. */
    watch: () =>
      new Promise<void>((resolve) => {
        left = resolve
        goOn(0)
      }),
    /** The viewer has had enough. */
    cut: () => {
      cancel()
      left()
    },
    /** The page takes the player down, and stays until all is delivered. Resolves then. */
    stop: () => {
      view.close('stopped')
      return new Promise<void>((resolve) => transport.onceDrained(resolve))
    },
    /** The page goes: what waits is given to the browser. */
    leave: () => {
      view.close('unload', 'pagehide')
      transport.leave()
    },
  }
}

/** A page that plays. */
export type OpenView = ReturnType<typeof openView>
