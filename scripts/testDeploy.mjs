// `npm run test:deploy`: the plain template through cfn-lint, and into a moto server, where its functions then run.
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fail, root, run, setup } from './setup.mjs'

const deploy = join(root, 'packages/deploy')
const venv = join(root, 'node_modules/.cache/viewbeat-deploy')
const requirements = join(deploy, 'requirements.txt')
const installed = join(venv, 'viewbeat-installed.txt')
const inVenv = (name) => join(venv, 'bin', name)

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

const NEEDS = 'test:deploy needs Python 3.10 or newer with venv, and pip that reaches its packages'

const skip = (why) => {
  const line = `${why}: ${NEEDS}`
  if (process.env.CI_REQUIRE_PYTHON) fail(line)
  console.log(`Skipped. ${line}`)
}

/** Installs the requirements, unless this Python has installed the same before. False when they cannot be had. */
const install = async ({ command, description }) => {
  const wanted = description + (await readFile(requirements, 'utf8'))
  if (wanted === (await readFile(installed, 'utf8').catch(() => ''))) return true
  console.log('Installing Python packages (once; a minute or two) …')
  await run(command, ['-m', 'venv', '--clear', venv])
  const quiet = ['--quiet', '--disable-pip-version-check']
  const pip = spawnSync(inVenv('python'), ['-m', 'pip', 'install', ...quiet, '--requirement', requirements], {
    stdio: 'inherit',
  })
  if (pip.status !== 0) return false
  await writeFile(installed, wanted)
  return true
}

/** The bundle that the ingest's build wrote. */
const BUNDLE = join(root, 'packages/ingest-lambda/dist/index.mjs')

/** The keys document of the variant that moto gets. */
const DOCUMENT = { pk_demo: { publisher: 'demo', origins: ['https://*.pub.example'] } }
const VARIANT = 'with-publishers'

const freePort = async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address()
  server.close()
  await once(server, 'close')
  return port
}

/** A moto server; `stop` ends it. */
const startMoto = async () => {
  const port = await freePort()
  const child = spawn(inVenv('moto_server'), ['--host', '127.0.0.1', '--port', String(port)], {
    stdio: 'ignore',
  })
  const url = `http://127.0.0.1:${port}`
  for (let tries = 0; tries < 300; tries++) {
    if (child.exitCode !== null) fail(`moto_server ended with ${child.exitCode}`)
    const answer = await fetch(`${url}/moto-api/data.json`).catch(() => undefined)
    if (answer?.ok) return { url, stop: () => child.kill() }
    await sleep(200)
  }
  child.kill()
  fail('moto_server does not answer')
}

const testInMoto = async (folder, made) => {
  const { url, stop } = await startMoto()
  // What `run` starts may end this process at once.
  process.on('exit', stop)
  const env = {
    ...process.env,
    AWS_ENDPOINT_URL: url,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
  }
  const zip = (await readdir(folder)).find((name) => name.endsWith('.zip'))
  const here = (name) => join(deploy, 'test/moto', name)
  await run(
    inVenv('python'),
    [
      here('create_stack.py'),
      join(folder, 'viewbeat.template.json'),
      join(folder, zip),
      JSON.stringify(DOCUMENT),
      made,
    ],
    { env },
  )
  await run(process.execPath, [here('use_functions.mjs'), made, BUNDLE], { env })
  await run(inVenv('python'), [here('find_data.py'), made], { env })
  stop()
}

const test = async (found) => {
  if (!(await install(found))) return skip('The packages cannot be installed')
  await setup()
  await run(process.execPath, [join(root, 'packages/ingest-lambda/build.mjs')])
  const folder = await mkdtemp(join(tmpdir(), 'viewbeat-deploy-'))
  await run('tsx', [join(deploy, 'test/moto/writeVariants.ts'), folder, BUNDLE])
  const templates = (await readdir(folder)).map((name) => join(folder, name, 'viewbeat.template.json'))
  await run(inVenv('cfn-lint'), ['--regions', 'us-east-1', '--', ...templates])
  console.log(`cfn-lint: nothing to say of ${templates.length} templates`)
  await testInMoto(join(folder, VARIANT), join(folder, 'made.json'))
  await rm(folder, { recursive: true })
}

const found = findPython()
if (found) await test(found)
else skip('No Python')
