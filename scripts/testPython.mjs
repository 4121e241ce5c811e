// `npm run test:python`: classes from the published JSON Schema, and the vectors through them, in Python.
import { execFileSync, spawnSync } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fail, root, run } from './setup.mjs'

const example = join(root, 'examples/python-events')
const venv = join(root, 'node_modules/.cache/viewbeat-python')
const requirements = join(example, 'requirements.txt')
const installed = join(venv, 'viewbeat-installed.txt')

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

const NEEDS = 'test:python needs Python 3.10 or newer with venv, and pip that reaches its packages'

const skip = (why) => {
  const line = `${why}: ${NEEDS}`
  if (process.env.CI_REQUIRE_PYTHON) fail(line)
  console.log(`Skipped. ${line}`)
}

/** Installs the requirements, unless this Python has installed the same before. False when they cannot be had. */
const install = async ({ command, description }, python) => {
  const wanted = description + (await readFile(requirements, 'utf8'))
  if (wanted === (await readFile(installed, 'utf8').catch(() => ''))) return true
  console.log('Installing Python packages (once; some seconds) …')
  await run(command, ['-m', 'venv', '--clear', venv])
  const quiet = ['--quiet', '--disable-pip-version-check']
  const pip = spawnSync(python, ['-m', 'pip', 'install', ...quiet, '--requirement', requirements], {
    stdio: 'inherit',
  })
  if (pip.status !== 0) return false
  await writeFile(installed, wanted)
  return true
}

const test = async (found) => {
  const python = join(venv, 'bin/python')
  if (!(await install(found, python))) return skip('The packages cannot be installed')
  for (const role of ['reader', 'producer']) await run(python, [join(example, 'generate.py'), role])
  await run(python, [join(example, 'check.py')])
}

const found = findPython()
if (found) await test(found)
else skip('No Python')
