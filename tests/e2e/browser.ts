import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'

/** Starts the Chromium that `npm test` found. */
export const launchChromium = (): Promise<Browser> =>
  chromium.launch({
    executablePath: process.env.CHROME_PATH as string,
    ignoreDefaultArgs: ['--disable-back-forward-cache'],
    args: [
      // Chromium's sandbox does not start for root, as which CI runs.
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      '--autoplay-policy=no-user-gesture-required',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-gpu',
      // For all of the browser: what a tab left behind is sent when the tab, and what was said of it, are gone.
      '--ignore-certificate-errors',
    ],
  })

/** What the page itself saw, by clocks and frames that the SDK has no part in. Times are the page's `performance.now()`. */
export interface Witness {
  calls: { name: string; at: number }[]
  /** When each frame was on screen, and its place in the media, s. */
  frames: { at: number; mediaTime: number }[]
  /** When the page went. */
  hiddenAt: number
}

const PAGE = `<!doctype html>
<video src="/sample/sample.mp4" preload="auto" muted></video>
<script src="/viewbeat.iife.js"></script>
<script>
  const video = document.querySelector('video')
  window.witness = { calls: [], frames: [] }
  addEventListener('pagehide', () => {
    localStorage.witness = JSON.stringify({ ...witness, hiddenAt: performance.now() })
  })
  const seeFrame = (at, { mediaTime }) => {
    witness.frames.push({ at, mediaTime })
    video.requestVideoFrameCallback(seeFrame)
  }
  video.requestVideoFrameCallback(seeFrame)
  window.call = (name, run) => {
    witness.calls.push({ name, at: performance.now() })
    run(video)
  }
  window.captured = []
  window.tracker = viewbeat.trackVideo(video, {
    endpoint: '/v1/events', key: 'pk_demo', content: { id: 'e2e' }, maxAgeMs: 1000,
    onEvent: (event) => captured.push(event),
  })
</script>`

/**
 * Opens a page with a tracked plain video and a witness beside it. `context` has to outlive the page: what a closing
 * tab hands to the browser is sent by what the tab lived in, as a person's browser outlives a tab.
 */
export const openTrackedPage = async (context: BrowserContext, url: string): Promise<Page> => {
  const page = await context.newPage()
  await page.route('**/tracked.html', (route) => route.fulfill({ contentType: 'text/html', body: PAGE }))
  await page.goto(`${url}/tracked.html`)
  return page
}

/** Calls something on the page's video, noted by the witness. */
export const callVideo = (page: Page, name: 'play' | 'pause' | 'seek', seconds = 0) =>
  page.evaluate(
    ([name, seconds]) => {
      const { call } = window as unknown as {
        call: (name: string, run: (video: HTMLVideoElement) => void) => void
      }
      call(name as string, (video) => {
        if (name === 'play') void video.play()
        else if (name === 'pause') video.pause()
        else video.currentTime = seconds as number
      })
    },
    [name, seconds],
  )

/** What the witness of a page had seen when the page went, told to another page of the origin. */
export const readWitness = async (context: BrowserContext, url: string): Promise<Witness> => {
  const page = await context.newPage()
  await page.goto(`${url}/v1/health`)
  const witness = await page.waitForFunction(() => localStorage.witness)
  return JSON.parse((await witness.jsonValue()) as string)
}

/** Gives the page's video another source and plays it, as a playlist does; `told`: by `setContent` too, and when. */
export const changeSource = (page: Page, source: string, told: 'no' | 'before' | 'after') =>
  page.evaluate(
    ([source, told]) => {
      const { tracker } = window as unknown as { tracker: { setContent(content: { id: string }): void } }
      const video = document.querySelector('video')!
      if (told === 'before') tracker.setContent({ id: source! })
      video.src = source!
      if (told === 'after') tracker.setContent({ id: source! })
      void video.play()
    },
    [source, told],
  )

/** The id of the page's view. */
export const readViewId = (page: Page) =>
  page.evaluate(() => (window as unknown as { tracker: { viewId: string } }).tracker.viewId)
