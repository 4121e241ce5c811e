/** How often a background tab's timers run, ms. https://developer.chrome.com/blog/timer-throttling-in-chrome-88 */
const BACKGROUND_TIMER_MS = 1000

/** Makes the page what it is in a background tab, for everything but the witness: hidden, without frames, its timers late. */
export const hidePage = () => {
  const setTimer = window.setTimeout.bind(window)
  Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true })
  Object.defineProperty(document, 'hidden', { value: true, configurable: true })
  Object.assign(window, {
    setTimeout: (run: () => void, ms = 0, ...rest: never[]) =>
      setTimer(run, ms + BACKGROUND_TIMER_MS - ((performance.now() + ms) % BACKGROUND_TIMER_MS), ...rest),
    requestAnimationFrame: () => 0,
  })
  HTMLVideoElement.prototype.requestVideoFrameCallback = () => 0
  document.dispatchEvent(new Event('visibilitychange'))
}
