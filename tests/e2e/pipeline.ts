import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { gunzipSync } from 'node:zlib'
import type { FlatEvent, QuarantineEntry } from '@viewbeat/schema'
import type { StoredView } from '@viewbeat/sinks'
import { root } from '../root.ts'

/** A pipeline as `npm start` runs it, on a port of its own. */
export interface Pipeline {
  url: string
  dataDir: string
  process: ChildProcess
  /** Sends the signal that Ctrl-C sends; resolves with the exit code. */
  interrupt(): Promise<number | null>
}

/** A data folder that nobody else uses. */
export const newDataDir = () => mkdtemp(join(tmpdir(), 'viewbeat-'))

/** Runs the start script with these variables; its output is collected. */
export const spawnStart = (env: Record<string, string>) => {
  const child = spawn(process.execPath, ['scripts/start.mjs'], {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const output = { stdout: '', stderr: '' }
  child.stdout.on('data', (text) => {
    output.stdout += text
  })
  child.stderr.on('data', (text) => {
    output.stderr += text
  })
  return { child, output, exited: once(child, 'exit') as Promise<[number | null]> }
}

/** Polls until `read` answers something. */
export const eventually = async <T>(
  read: () => Promise<T | undefined> | T | undefined,
  what: string,
  ms = 15_000,
) => {
  for (const deadline = Date.now() + ms; Date.now() < deadline; await sleep(50)) {
    const found = await read()
    if (found !== undefined) return found
  }
  throw new Error(`not within ${ms} ms: ${what}`)
}

/** Starts the pipeline and waits until it says that it is ready. */
export const startPipeline = async (dataDir: string): Promise<Pipeline> => {
  const { child, output, exited } = spawnStart({ PORT: '0', VIEWBEAT_DATA_DIR: dataDir })
  const url = await eventually(
    () => {
      if (child.exitCode !== null) throw new Error(`exited with ${child.exitCode}: ${output.stderr}`)
      return /^ready (http:\S+)$/m.exec(output.stdout)?.[1]
    },
    'ready',
    60_000,
  )
  return {
    url,
    dataDir,
    process: child,
    async interrupt() {
      child.kill('SIGINT')
      return (await exited)[0]
    },
  }
}

/** Asks the running pipeline for faults. */
export const askFaults = (url: string, faults: Record<string, number>) =>
  fetch(`${url}/api/faults`, { method: 'POST', body: JSON.stringify(faults) })

/** A view as the store has it; undefined while nothing of it is there. */
export const readView = async (url: string, viewId: string): Promise<StoredView | undefined> => {
  const response = await fetch(`${url}/api/views/${viewId}`)
  return response.ok ? ((await response.json()) as StoredView) : undefined
}

/** Every line of the NDJSON files below a folder that stands in `dt=…/hour=…`. */
const readLines = async <T>(folder: string): Promise<T[]> => {
  const names = await readdir(folder, { recursive: true }).catch(() => [])
  const files = names.filter((name) => /^dt=[\d-]{10}\/hour=\d\d\/[^/]+\.ndjson(\.gz)?$/.test(name))
  const texts = await Promise.all(
    files.map(async (name) => {
      const bytes = await readFile(join(folder, name))
      return (name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString()
    }),
  )
  return texts.flatMap((text) =>
    text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as T),
  )
}

/** Every event in the archive. */
export const readArchive = (dataDir: string) => readLines<FlatEvent>(join(dataDir, 'archive/events'))

/** Every entry in quarantine. */
export const readQuarantine = (dataDir: string) => readLines<QuarantineEntry>(join(dataDir, 'quarantine'))
