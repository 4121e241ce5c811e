import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFile, readdir, readFile, stat } from 'node:fs/promises'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The repository's root. */
export const root = fileURLToPath(new URL('..', import.meta.url))

/** Ends the run with one line a person can act on. */
export const fail = (line) => {
  console.error(line)
  process.exit(1)
}

/** Runs a command of this repository in its root, its output shown; resolves when it succeeds, ends the run when not. */
export const run = async (command, args, options = {}) => {
  const env = { ...process.env, PATH: `${join(root, 'node_modules/.bin')}${delimiter}${process.env.PATH}` }
  const child = spawn(command, args, {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
    env,
    ...options,
  })
  const [code] = await once(child, 'exit').catch((error) => fail(`${command}: ${error.message}`))
  if (code !== 0) fail(`failed: ${command} ${args.join(' ')}`)
}

const checkNode = () => {
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major < 20 || (major === 20 && minor < 19))
    fail(`Viewbeat needs Node 20.19 or newer; this is ${process.versions.node}`)
}

const lockfile = join(root, 'pnpm-lock.yaml')
const installed = join(root, 'node_modules', '.viewbeat-installed-lock.yaml')

/** Installs what the lockfile names, unless it is there already. */
export const setup = async () => {
  checkNode()
  const [wanted, present] = await Promise.all([
    readFile(lockfile, 'utf8'),
    readFile(installed, 'utf8').catch(() => ''),
  ])
  if (wanted === present) return
  console.log('Installing dependencies (once; about a minute) …')
  await run('npx', [
    '--yes',
    'pnpm@10',
    'install',
    '--frozen-lockfile',
    '--config.confirm-modules-purge=false',
  ])
  await copyFile(lockfile, installed)
}

const changedAt = async (path) => (await stat(path).catch(() => undefined))?.mtimeMs ?? 0

/** When the newest of the packages' sources was changed, epoch ms. */
const sourcesChangedAt = async () => {
  const names = await readdir(join(root, 'packages'), { recursive: true })
  const sources = names.filter((name) =>
    /^[\w-]+[\\/](src[\\/]|build[\\/]|build\.mjs|rollup\.config)/.test(name),
  )
  return Math.max(
    ...(await Promise.all([...sources.map((name) => join(root, 'packages', name)), lockfile].map(changedAt))),
  )
}

/** Bundles the examples that a publisher would bundle, each to its `dist/main.js`. */
export const buildExamples = () =>
  Promise.all(
    ['es-module/main.js', 'hls/main.js', 'ads/main.js', 'react/main.jsx'].map((source) =>
      run('esbuild', [
        `examples/${source}`,
        '--bundle',
        '--format=esm',
        '--jsx=automatic',
        '--tsconfig-raw={}',
        '--define:process.env.NODE_ENV="development"',
        '--log-level=warning',
        `--outfile=examples/${dirname(source)}/dist/main.js`,
      ]),
    ),
  )

/** What each built package has when it is built, and how it is built where that is not by rollup. */
const OUTPUTS = {
  'player-sdk': 'viewbeat.iife.js',
  dashboard: 'dashboard.js',
  schema: 'cjs/index.js',
  'ingest-lambda': 'quarantine.mjs',
  sinks: 'timeline.mjs',
}
const BUILDS = Object.fromEntries(
  ['ingest-lambda', 'sinks'].map((name) => [name, [process.execPath, [`packages/${name}/build.mjs`]]]),
)

/** Builds packages, unless what they were built to is newer than all sources. */
export const build = async (...names) => {
  const changed = await sourcesChangedAt()
  await Promise.all(
    names.map(async (name) => {
      if ((await changedAt(join(root, 'packages', name, 'dist', OUTPUTS[name]))) <= changed)
        await run(
          ...(BUILDS[name] ?? ['rollup', ['--silent', '--config', `packages/${name}/rollup.config.js`]]),
        )
    }),
  )
}
