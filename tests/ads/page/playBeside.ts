import type { ImaAd, ImaEvent, ImaTarget } from '../../../packages/player-sdk/src/ads/ima.ts'

/** When an ad comes beside the content, and what becomes of it: `paused` is in the middle of the content. */
export type BesideAds = 'pre' | 'paused' | 'post' | 'failing'

const AD = '/ad.mp4'
const LENGTH_S = 2

/** How far into the content an ad comes that the viewer pauses, s, and for how long, ms. */
const MID_S = 1.5
const PAUSE_MS = 600

const describe = (index: number): ImaAd => ({
  isLinear: () => true,
  getAdId: () => `ad-${index}`,
  getCreativeId: () => '',
  getUniversalAdIds: () => [],
  getDuration: () => LENGTH_S,
  getSkipTimeOffset: () => -1,
  getAdPodInfo: () => ({
    getAdPosition: () => index,
    getPodIndex: () => 0,
    getTimeOffset: () => 0,
    getTotalAds: () => 1,
  }),
})

/** An ads manager that only passes on what is fired. */
const createManager = () => {
  const listeners: [type: string, listener: (event: ImaEvent) => void][] = []
  const fire = (type: string, event: ImaEvent = { getAd: () => describe(1) }) => {
    for (const [name, listener] of [...listeners]) if (name === type) listener(event)
  }
  const manager: ImaTarget = {
    addEventListener: (...entry) => void listeners.push(entry),
    removeEventListener: (type, listener) =>
      void listeners.splice(
        listeners.findIndex(([name, other]) => name === type && other === listener),
        1,
      ),
  }
  return { manager, fire }
}

/**
 * Plays a content whose ads another element shows, as Google's IMA does, and fires what IMA would: IMA's own script comes
 * from the network only. The page does what IMA's guide asks of it: it pauses the content, and plays it again.
 */
export const playBeside = (
  content: HTMLVideoElement,
  beside: HTMLVideoElement,
  kind: BesideAds,
  use: (manager: ImaTarget) => void,
  play: () => void,
) => {
  const { manager, fire } = createManager()
  use(manager)
  const isPre = kind === 'pre' || kind === 'failing'
  manager.addEventListener('contentPauseRequested', () => content.pause())
  for (const name of ['contentResumeRequested', 'adError'])
    manager.addEventListener(name, () => {
      if (!content.ended) play()
    })

  const showAd = () => {
    fire('contentPauseRequested')
    beside.src = kind === 'failing' ? '/gone.mp4' : AD
    void beside.play().catch(() => {})
  }
  const quartiles = ['firstquartile', 'midpoint', 'thirdquartile']
  beside.addEventListener('playing', () => fire('start'), { once: true })
  beside.addEventListener('waiting', () => fire('adBuffering'))
  beside.addEventListener('timeupdate', () => {
    fire('adProgress')
    const passed = 3 - quartiles.length
    if (!quartiles.length || beside.currentTime / LENGTH_S < (passed + 1) / 4) return
    fire(quartiles.shift()!)
    if (kind !== 'paused' || passed) return
    beside.pause()
    fire('pause')
    setTimeout(() => {
      void beside.play()
      fire('resume')
    }, PAUSE_MS)
  })
  beside.addEventListener('ended', () => {
    fire('complete')
    fire('contentResumeRequested')
    fire('allAdsCompleted')
  })
  beside.addEventListener('error', () =>
    fire('adError', {
      getError: () => ({ getErrorCode: () => 400, getType: () => 'adPlayError', getMessage: () => 'gone' }),
    }),
  )
  if (kind === 'post') content.addEventListener('ended', showAd, { once: true })
  if (kind === 'paused') {
    const look = () => {
      if (content.currentTime < MID_S) return
      content.removeEventListener('timeupdate', look)
      showAd()
    }
    content.addEventListener('timeupdate', look)
  }

  beside.muted = beside.playsInline = true
  beside.width = content.width
  content.after(beside)
  content.src = kind === 'post' ? '/short.mp4' : '/sample/sample.mp4'
  if (isPre) showAd()
  else play()
}
