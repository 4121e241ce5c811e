// `npm run test:deploy`: the plain template through cfn-lint, and into a moto server, where its functions then run.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { build, fail, root, run, setup } from './setup.mjs'
import { withPython } from './withPython.mjs'

const deploy = join(root, 'packages/deploy')
/** The bundle that the ingest's build wrote. */
const BUNDLE = join(root, 'packages/ingest-lambda/dist/index.mjs')
/** Where the sinks' build writes theirs. */
const SINKS = join(root, 'packages/sinks/dist')

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
const startMoto = async (inVenv) => {
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

const testInMoto = async (inVenv, folder, made) => {
  const { url, stop } = await startMoto(inVenv)
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
  await run(process.execPath, [here('use_functions.mjs'), made, BUNDLE, SINKS], { env })
  await run(inVenv('python'), [here('find_data.py'), made], { env })
  stop()
}

await setup()
await build('ingest-lambda', 'sinks')
await withPython(
  {
    script: 'test:deploy',
    requirements: join(deploy, 'requirements.txt'),
    cache: 'viewbeat-deploy',
  },
  async (inVenv) => {
    const folder = await mkdtemp(join(tmpdir(), 'viewbeat-deploy-'))
    await run('tsx', [join(deploy, 'test/moto/writeVariants.ts'), folder, BUNDLE, SINKS])
    const templates = (await readdir(folder)).map((name) => join(folder, name, 'viewbeat.template.json'))
    await run(inVenv('cfn-lint'), ['--regions', 'us-east-1', '--', ...templates])
    console.log(`cfn-lint: nothing to say of ${templates.length} templates`)
    await testInMoto(inVenv, join(folder, VARIANT), join(folder, 'made.json'))
    await rm(folder, { recursive: true })
  },
)
