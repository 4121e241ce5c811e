import { BUFFER_S, type OpenPlayer, RETRY_MS, SLOW_BPS } from './player.ts'

/** What is used of Shaka: its typings are of the whole page's names. */
declare const shaka: {
  polyfill: { installAll(): void }
  Player: new () => {
    attach(video: HTMLVideoElement): Promise<void>
    configure(settings: object): boolean
    load(url: string): Promise<void>
    getVariantTracks(): { width: number | null }[]
    selectVariantTrack(track: object, clearBuffer: boolean): void
    destroy(): Promise<void>
  }
}

/** Shaka Player, its own choice of renditions off. */
export const openShaka: OpenPlayer = (video, attempts) => {
  shaka.polyfill.installAll()
  const player = new shaka.Player()
  const attached = player.attach(video)
  player.configure({
    streaming: {
      bufferingGoal: BUFFER_S,
      retryParameters: { maxAttempts: attempts, baseDelay: RETRY_MS, backoffFactor: 1, timeout: 0 },
    },
    abr: { enabled: false, useNetworkInformation: false, defaultBandwidthEstimate: SLOW_BPS },
  })
  return {
    instance: player,
    load: (url) => void attached.then(() => player.load(url)).catch(() => {}),
    switchTo(rendition) {
      const tracks = player.getVariantTracks().toSorted((a, b) => (a.width ?? 0) - (b.width ?? 0))
      player.selectVariantTrack(tracks.at(rendition === 'low' ? 0 : -1)!, true)
    },
    destroy: () => void player.destroy(),
  }
}
