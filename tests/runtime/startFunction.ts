import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { installed } from './installed.ts'
import { lambdaEnvironment } from './lambdaEnvironment.ts'
import { startRuntimeApi } from './runtimeApi.ts'

/** Linux counts a process's time in hundredths of a second. */
const TICK_MS = 10

/** The CPU time that a process has used so far, ms. */
const cpuOf = async (pid: number) => {
  const [, after = ''] = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ')
  const [user, system] = after.split(' ').slice(11, 13).map(Number)
  return (user! + system!) * TICK_MS
}

/** Runs a function of a folder as Lambda does: in Node 22, by AWS's Runtime Interface Client. */
export const startFunction = async (handler: string, taskRoot: string, own: Record<string, string>) => {
  const api = await startRuntimeApi()
  const spawnedAt = Date.now()
  const child = spawn(installed.node, [installed.client, handler], {
    cwd: taskRoot,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...lambdaEnvironment(handler, taskRoot, own), AWS_LAMBDA_RUNTIME_API: api.address },
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
  const exited = once(child, 'exit')

  return {
    invoke: api.invoke,
    initError: api.initError,
    /** Resolves with how long the start took, ms; rejects when the process is gone before. */
    async started() {
      const gone = exited.then(() => {
        throw new Error(`The function ended at its start:\n${output}`)
      })
      return (await Promise.race([api.started, gone])) - spawnedAt
    },
    /** What it has said on standard output and standard error so far. */
    output: () => output,
    cpu: () => cpuOf(child.pid!),
    exited,
    async stop() {
      child.kill('SIGKILL')
      await exited
      await api.stop()
    },
  }
}

/** A function as Lambda runs it. */
export type RunningFunction = Awaited<ReturnType<typeof startFunction>>
