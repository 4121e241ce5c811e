// `npm run test:runtime`: the built function under AWS's Runtime Interface Client and its emulator, in the Node that Lambda runs.
import { execFileSync, spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { delimiter, dirname, join } from 'node:path'
import { findEmulator } from './findEmulator.mjs'
import { build, fail, root, run, setup } from './setup.mjs'

const folder = join(root, 'node_modules/.cache/viewbeat-runtime')
const installed = join(folder, 'viewbeat-installed.txt')

const PACKAGES = ['node@22.23.3', 'aws-lambda-ric@4.0.2']

/** What the client's native part is built with: each command and Debian's package that has it. */
const TOOLS = {
  autoreconf: 'autoconf',
  automake: 'automake',
  libtoolize: 'libtool',
  cmake: 'cmake',
  'g++': 'g++',
  make: 'make',
  python3: 'python3',
  xz: 'xz-utils',
}

const isExecutable = (path) => {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

const isOnPath = (command) =>
  (process.env.PATH ?? '').split(delimiter).some((place) => isExecutable(join(place, command)))

const missing = () => Object.keys(TOOLS).filter((command) => !isOnPath(command))

const skip = (why) => {
  const line = `${why}: test:runtime needs Linux, packages from npm, and ${Object.keys(TOOLS).join(', ')}`
  if (process.env.CI_REQUIRE_RUNTIME) fail(line)
  console.log(`Skipped. ${line}`)
  process.exit()
}

const canInstall = () => process.getuid?.() === 0 && isExecutable('/usr/bin/apt-get')

const installTools = () => {
  const wanted = missing()
  if (wanted.length === 0) return
  if (!canInstall()) skip(`No ${wanted.join(', ')}`)
  const packages = wanted.map((command) => TOOLS[command])
  console.log(`Installing ${packages.join(', ')} (once) …`)
  const options = {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  }
  try {
    execFileSync('apt-get', ['update', '-qq'], options)
    execFileSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], options)
  } catch {
    skip(`${packages.join(', ')} cannot be installed`)
  }
}

/** Installs Node 22 and the client, unless the same are there already. */
const installRuntime = async () => {
  const wanted = [...PACKAGES, process.platform, process.arch].join(' ')
  if (wanted === (await readFile(installed, 'utf8').catch(() => ''))) return
  installTools()
  console.log('Installing and building the Lambda runtime (once; one or two minutes) …')
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'package.json'), '{ "private": true }\n')
  const quiet = ['--no-audit', '--no-fund', '--loglevel=error']
  // Node-API is the same in both: the headers that came with this Node do, where there is no network to fetch others.
  const headers = join(dirname(process.execPath), '..')
  const npm = spawnSync('npm', ['install', '--engine-strict=false', ...quiet, ...PACKAGES], {
    cwd: folder,
    stdio: 'inherit',
    env: {
      ...(existsSync(join(headers, 'include/node/node_api.h')) && { npm_config_nodedir: headers }),
      ...process.env,
    },
  })
  if (npm.status !== 0) return skip('The runtime cannot be installed')
  await writeFile(installed, wanted)
}

// The client's own scripts build nothing elsewhere.
if (process.platform !== 'linux') skip(`No Linux but ${process.platform}`)
await setup()
await installRuntime()
const emulator = findEmulator()
if (emulator) process.env.VIEWBEAT_EMULATOR = emulator
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true'
await build('ingest-lambda')
await run('vitest', ['run', '--project=runtime', ...process.argv.slice(2)])
