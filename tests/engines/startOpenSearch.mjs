import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { findOpenSearch } from '../../scripts/findOpenSearch.mjs'
import { root } from '../../scripts/setup.mjs'

const launcher = join(root, 'tests/engines/opensearch/StartOpenSearch.java')

const START_MS = 90_000

const findPort = async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address()
  server.close()
  await once(server, 'close')
  return port
}

const isUp = async (url) => {
  try {
    const answer = await fetch(`${url}/_cluster/health`, { signal: AbortSignal.timeout(2000) })
    return answer.ok && ['green', 'yellow'].includes((await answer.json()).status)
  } catch {
    return false
  }
}

/**
 * Starts a real OpenSearch, one node without security, in `folder` (a temporary one, deleted by `stop`, unless given).
 * It ends by itself when this process does.
 */
export const startOpenSearch = async ({ folder, port, heap = '1g' } = {}) => {
  const { java, classPath } = await findOpenSearch()
  const home = folder ?? (await mkdtemp(join(tmpdir(), 'viewbeat-opensearch-')))
  const place = port ?? (await findPort())
  const url = `http://127.0.0.1:${place}`
  const child = spawn(
    java,
    [`-Xms${heap}`, `-Xmx${heap}`, '-cp', classPath, launcher, home, String(place)],
    // A group of its own: Ctrl-C is for who started it, and the end of its standard input is what ends it.
    { stdio: ['pipe', 'pipe', 'pipe'], detached: true },
  )
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (bytes) => {
      said = (said + bytes).slice(-4000)
    })
  child.stdin.on('error', () => {})
  const ended = new Promise((resolve) => child.once('close', resolve))
  const end = async (how) => {
    if (child.exitCode === null && child.signalCode === null) how()
    await ended
  }

  const from = Date.now()
  while (!(await isUp(url))) {
    if (child.exitCode !== null || Date.now() - from > START_MS) {
      await end(() => child.kill('SIGKILL'))
      throw new Error(`OpenSearch did not start:\n${said}`)
    }
    await sleep(200)
  }
  return {
    url,
    port: place,
    folder: home,
    /** Ends it at once, as a crash does. Its folder stays: start again with `folder` and `port`. */
    kill: () => end(() => child.kill('SIGKILL')),
    /** Ends it and deletes its folder. */
    async stop() {
      // Nothing of it is to be kept, so there is nothing to wait for.
      await end(() => child.kill('SIGKILL'))
      await rm(home, { recursive: true, force: true })
    },
  }
}
