import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { root } from '../root.ts'

/** Which processes of a pipeline die: its own, and the stream's with it or by itself a moment later. */
export type Kill = 'main' | 'both'

const childrenOf = (pid: number): number[] => {
  try {
    return execFileSync('pgrep', ['-P', String(pid)])
      .toString()
      .trim()
      .split('\n')
      .map(Number)
  } catch {
    return []
  }
}

const strike = (pid: number) => {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // Gone already.
  }
}

/** Whether a process still runs; one that has ended and that nobody has asked after does not. */
export const isRunning = (pid: number) => {
  try {
    return !execFileSync('ps', ['-o', 'stat=', '-p', String(pid)])
      .toString()
      .startsWith('Z')
  } catch {
    return false
  }
}

/** A pipeline in processes of its own, to be killed outright. Always on the same port with the same data. */
export const openVictim = (dataDir: string, port: number) => {
  const child = spawn(process.execPath, ['tests/restart/startBare.mjs'], {
    cwd: root,
    env: { ...process.env, PORT: String(port), VIEWBEAT_DATA_DIR: dataDir },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const exited = once(child, 'exit') as Promise<[number | null]>
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (text) => {
      output += text
    })
  return {
    output: () => output,
    /** Resolves when it takes requests; false: it has ended instead. */
    async ready(withinMs = 60_000): Promise<boolean> {
      for (const deadline = Date.now() + withinMs; Date.now() < deadline; await sleep(20)) {
        if (/^ready /m.test(output)) return true
        if (child.exitCode !== null || child.signalCode !== null) return false
      }
      throw new Error(`not ready within ${withinMs} ms: ${output}`)
    },
    /** Answers its children, which are to end by themselves where they are not killed too. */
    async kill(how: Kill): Promise<number[]> {
      const pid = child.pid as number
      // Asked after first: without a parent they are found no more.
      const children = childrenOf(pid)
      for (const one of how === 'both' ? [pid, ...children] : [pid]) strike(one)
      await exited
      return children
    },
    /** Kills its stream alone; answers the exit code with which it ends itself then. */
    async killStream(): Promise<number | null> {
      for (const one of childrenOf(child.pid as number)) strike(one)
      return (await exited)[0]
    },
    async interrupt() {
      child.kill('SIGINT')
      await exited
    },
  }
}

/** A pipeline that can be killed. */
export type Victim = ReturnType<typeof openVictim>
