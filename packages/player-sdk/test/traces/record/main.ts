import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { launchChromium } from '../../../../../tests/e2e/browser.ts'
import { launchStrict } from '../../../../../tests/truth/launchStrict.ts'
import { PLAYERS, type PlayerName } from '../../../../../tests/truth/players.ts'
import { SCENARIOS, type ScenarioName } from '../../../../../tests/truth/scenarios/index.ts'
import { startSite } from '../../../../../tests/truth/site.ts'
import { recordTrace } from './recordTrace.ts'

const USAGE = `node scripts/recordTrace.mjs <player> <scenario> [--live]
  players    ${Object.keys(PLAYERS).join(' ')}
  scenarios  ${Object.keys(SCENARIOS).join(' ')}`

const PACKAGES: { [page: string]: string } = {
  hls: 'hls.js',
  custom: 'hls-video-element',
  dash: 'dashjs',
  shaka: 'shaka-player',
  videojs: 'video.js',
}

/** What the traces of a scenario show; the name of the scenario, until somebody says it better. */
const RULES: { [scenario in ScenarioName]?: string } = {
  startup: 'Waiting for media that comes late is part of the start, which ends when the picture moves',
  stall: 'A picture that stands still because all media stops coming is a stall',
  freeze: 'A picture that stands still is a stall, though clock and sound may run on without it',
  seek: 'A seek lasts until the new place is on screen, and waiting within it is no stall',
  burst: 'Seeks that follow one another before the picture moves are one',
  switch: 'Another rendition is shown from the first frame of its size',
  fatal: 'A view fails when the picture stops, not while what is buffered plays on',
  storm: 'Attempts that fail are no failure while the picture moves',
}

const engineOf = (player: PlayerName) => {
  const name = PACKAGES[PLAYERS[player].page]
  if (!name) return []
  const file = join(import.meta.dirname, '../../../node_modules', name, 'package.json')
  return [`${name} ${JSON.parse(readFileSync(file, 'utf8')).version}`]
}

/** Records one trace and writes its file; answers the file's path. */
export const main = async (words: string[]): Promise<string> => {
  const [player = '', scenario = ''] = words.filter((word) => !word.startsWith('--'))
  if (!(player in PLAYERS && scenario in SCENARIOS)) throw new Error(USAGE)
  const isLive = words.includes('--live')
  // Sound without a gesture is what some scenarios are about.
  const launch = scenario === 'autoplay' || scenario === 'refused' ? launchStrict : launchChromium
  const [browser, site] = await Promise.all([launch(), startSite()])
  try {
    const recorded = await recordTrace(
      browser,
      site,
      player as PlayerName,
      SCENARIOS[scenario as ScenarioName],
      isLive,
    )
    const [day] = new Date().toISOString().split('T')
    const origin = [
      `Chromium ${browser.version()} without a screen`,
      ...engineOf(player as PlayerName),
      `recorded ${day}`,
      'expected is what a witness of its frames saw',
    ].join(', ')
    const says = RULES[scenario as ScenarioName] ?? scenario
    const name = ['recorded', player, ...(isLive ? ['live'] : []), scenario].join('-')
    const file = join(import.meta.dirname, '../../../traces', `${name}.json`)
    const isFile = PLAYERS[player as PlayerName].page === 'element'
    const trace = {
      $schema: './trace.schema.json',
      says,
      origin,
      ...(!isFile && { media_source: true }),
      ...recorded,
    }
    writeFileSync(file, JSON.stringify(trace))
    return file
  } finally {
    await browser.close()
    site.close()
  }
}
