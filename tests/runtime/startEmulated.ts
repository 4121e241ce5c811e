import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePorts } from '../../packages/local/src/stream/freePorts.ts'
import { emulator, installed } from './installed.ts'
import { lambdaEnvironment } from './lambdaEnvironment.ts'

const READY_WITHIN_MS = 10_000

/** Runs a function of a folder under AWS's own Runtime Interface Emulator, which takes invocations over HTTP. */
export const startEmulated = async (handler: string, taskRoot: string, own: Record<string, string>) => {
  const [port, apiPort] = await freePorts(2)
  const addresses = [
    '--runtime-interface-emulator-address',
    `127.0.0.1:${port}`,
    '--runtime-api-address',
    `127.0.0.1:${apiPort}`,
  ]
  const child = spawn(emulator!, [...addresses, installed.node, installed.client, handler], {
    cwd: taskRoot,
    stdio: 'ignore',
    env: lambdaEnvironment(handler, taskRoot, own),
  })
  const exited = once(child, 'exit')
  const url = `http://127.0.0.1:${port}/2015-03-31/functions/function/invocations`

  return {
    /** The function's answer, as text. The emulator is asked until it listens. */
    async invoke(event: unknown): Promise<string> {
      for (const until = Date.now() + READY_WITHIN_MS; ; await sleep(50)) {
        try {
          return await (await fetch(url, { method: 'POST', body: JSON.stringify(event) })).text()
        } catch (error) {
          if (Date.now() > until) throw error
        }
      }
    },
    async stop() {
      child.kill('SIGTERM')
      await exited
    },
  }
}
