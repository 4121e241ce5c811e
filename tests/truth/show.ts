import { launchChromium } from '../e2e/browser.ts'
import { launchStrict } from './launchStrict.ts'
import { PLAYERS, type PlayerName } from './players.ts'
import { playScenario } from './playScenario.ts'
import { SCENARIOS, type ScenarioName } from './scenarios/index.ts'
import { startSite } from './site.ts'
import { tabulate } from './tabulate.ts'

const USAGE = `tsx tests/truth/show.ts <player> <scenario> [--live] [--frames]
  players    ${Object.keys(PLAYERS).join(' ')}
  scenarios  ${Object.keys(SCENARIOS).join(' ')}`

const options = process.argv.slice(2).filter((word) => word.startsWith('--'))
const [player = '', scenario = ''] = process.argv.slice(2).filter((word) => !word.startsWith('--'))
if (!(player in PLAYERS && scenario in SCENARIOS)) {
  console.error(USAGE)
  process.exit(1)
}
process.env.CHROME_PATH ??= '/usr/bin/chromium'
// Sound without a gesture is what some scenarios are about.
const launch = scenario === 'autoplay' || scenario === 'refused' ? launchStrict : launchChromium
const [browser, site] = await Promise.all([launch(), startSite()])
try {
  const isLive = options.includes('--live')
  const played = await playScenario(
    browser,
    site,
    player as PlayerName,
    SCENARIOS[scenario as ScenarioName],
    isLive,
  )
  console.log(tabulate(played, options.includes('--frames')))
} finally {
  await browser.close()
  site.close()
}
