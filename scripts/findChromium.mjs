import { execFileSync } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fail, run } from './setup.mjs'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'chrome']
const ELSEWHERE = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
]

const isExecutable = (path) => {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

const find = () => {
  const folders = (process.env.PATH ?? '').split(delimiter)
  const candidates = [...NAMES.flatMap((name) => folders.map((folder) => join(folder, name))), ...ELSEWHERE]
  return candidates.find(isExecutable)
}

const canInstall = () => process.getuid?.() === 0 && isExecutable('/usr/bin/apt-get')

/** The browser for the tests: CHROME_PATH, one of the usual names, or installed from Debian's packages. */
export const findChromium = async () => {
  if (process.env.CHROME_PATH) {
    if (!isExecutable(process.env.CHROME_PATH))
      fail(`CHROME_PATH: ${process.env.CHROME_PATH} is not executable`)
    return process.env.CHROME_PATH
  }
  const found = find()
  if (found) return found
  if (!canInstall())
    fail(
      'The tests need Chromium: run `sudo apt-get install chromium`, or set CHROME_PATH to a Chrome or Chromium',
    )
  console.log('Installing Chromium (once) …')
  const quiet = { stdio: ['ignore', 'ignore', 'inherit'] }
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  execFileSync('apt-get', ['update', '-qq'], { ...quiet, env })
  await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], { ...quiet, env })
  return find() ?? fail('Chromium was installed but is not on the PATH: set CHROME_PATH')
}
