import type { Browser } from 'playwright-core'
import { bundle } from '../../../../../tests/truth/bundlePage.ts'
import { isDisturbed } from '../../../../../tests/truth/isDisturbed.ts'
import type { PlayerName } from '../../../../../tests/truth/players.ts'
import { playScenario } from '../../../../../tests/truth/playScenario.ts'
import type { Scenario } from '../../../../../tests/truth/scenarios/scenario.ts'
import type { Site } from '../../../../../tests/truth/site.ts'
import type { Sample, Trace } from '../trace.ts'
import { expectTruth } from './expect.ts'
import { thin } from './thin.ts'
import type { Glimpse } from './watchElement.ts'

/** How far off a time may be: frames and timers of a browser are not those of a trace, ms. */
const TOLERANCE_MS = 100

/** How often a scene is played again because the machine made something else of it. */
const REPEATS = 4

/** The same browser, but for a recorder in each page that it opens; `recorded` has what the last one saw. */
const withRecorder = async (browser: Browser) => {
  const script = await bundle(
    `import { watchElement } from '${import.meta.dirname}/watchElement.ts'\nwatchElement()`,
  )
  let recorded: Glimpse[] = []
  const newContext = async () => {
    const context = await browser.newContext()
    await context.addInitScript(script)
    const close = context.close.bind(context)
    return Object.assign(context, {
      async close() {
        for (const page of context.pages())
          recorded = await page.evaluate(() => (window as unknown as { recorded: Glimpse[] }).recorded)
        await close()
      },
    })
  }
  return { browser: { newContext } as unknown as Browser, recorded: () => recorded }
}

/** Each time that something is loaded gives the element a source, the first of which is known by this name. */
const addSources = (samples: Sample[], loads: number[]) => {
  for (const [index, at] of loads.entries()) {
    const source = index ? `film-${index + 1}` : 'film'
    const place = samples.findIndex((sample) => sample.at >= at)
    // The observer comes right after the first sample.
    if (at <= 0) Object.assign(samples[0]!, { source })
    else samples.splice(place < 0 ? samples.length : Math.max(1, place), 0, { at, source })
  }
}

/** Plays a scenario with a player and makes a trace of what its element did, and what was right to say of that. */
export const recordTrace = async (
  browser: Browser,
  site: Site,
  player: PlayerName,
  scenario: Scenario,
  isLive: boolean,
): Promise<Pick<Trace, 'ends_at' | 'tolerance_ms' | 'samples' | 'views'>> => {
  for (let left = REPEATS; left > 0; left--) {
    const recorder = await withRecorder(browser)
    const { views, log, trackedAt } = await playScenario(recorder.browser, site, player, scenario, isLive)
    const truths = views.map(({ truth }) => truth)
    if (truths.length !== 1) throw new Error('Only scenarios of one view can be recorded.')
    if (isDisturbed(truths, scenario)) {
      console.error('The machine was too busy: once more.')
      continue
    }
    const ends_at = Math.round(log.until - trackedAt)
    const samples = thin(recorder.recorded(), trackedAt).filter(({ at }) => at < ends_at)
    const loads = log.calls.filter(({ name }) => name === 'load')
    addSources(
      samples,
      loads.map(({ at }) => Math.round(at - trackedAt)),
    )
    return {
      ends_at,
      tolerance_ms: TOLERANCE_MS,
      samples,
      views: [expectTruth(truths[0]!, log.calls, trackedAt, log.until)],
    }
  }
  throw new Error('The machine is too busy to record anything that could be relied upon.')
}
