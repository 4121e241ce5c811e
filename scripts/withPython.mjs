import { execFileSync, spawnSync } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fail, root, run } from './setup.mjs'

// Debian leaves ensurepip out of its Python, and without it a venv has no pip.
const PROBE =
  'import ensurepip, sys, venv; assert sys.version_info >= (3, 10); print(sys.executable, sys.version)'

const describePython = (command) => {
  try {
    return execFileSync(command, ['-c', PROBE], { stdio: ['ignore', 'pipe', 'ignore'] }).toString()
  } catch {
    return undefined
  }
}

const findPython = () => {
  for (const command of [process.env.PYTHON, 'python3'].filter(Boolean)) {
    const description = describePython(command)
    if (description) return { command, description }
  }
}

/** Installs the requirements, unless this Python has installed the same before. False when they cannot be had. */
const install = async ({ command, description }, requirements, venv) => {
  const installed = join(venv, 'viewbeat-installed.txt')
  const wanted = description + (await readFile(requirements, 'utf8'))
  if (wanted === (await readFile(installed, 'utf8').catch(() => ''))) return true
  console.log('Installing Python packages (once; up to two minutes) …')
  await run(command, ['-m', 'venv', '--clear', venv])
  const quiet = ['--quiet', '--disable-pip-version-check']
  const pip = spawnSync(
    join(venv, 'bin/python'),
    ['-m', 'pip', 'install', ...quiet, '--requirement', requirements],
    { stdio: 'inherit' },
  )
  if (pip.status !== 0) return false
  await writeFile(installed, wanted)
  return true
}

/**
 * Runs `work` with the commands of a venv that has the requirements. Where there is no Python, or it cannot install them,
 * it says what is needed and skips, or fails when CI_REQUIRE_PYTHON is set.
 */
export const withPython = async ({ script, requirements, cache }, work) => {
  const skip = (why) => {
    const line = `${why}: ${script} needs Python 3.10 or newer with venv, and pip that reaches its packages`
    if (process.env.CI_REQUIRE_PYTHON) fail(line)
    console.log(`Skipped. ${line}`)
  }
  const found = findPython()
  if (!found) return skip('No Python')
  const venv = join(root, 'node_modules/.cache', cache)
  if (!(await install(found, requirements, venv))) return skip('The packages cannot be installed')
  await work((name) => join(venv, 'bin', name))
}
