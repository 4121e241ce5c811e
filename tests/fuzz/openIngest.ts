import type { QuarantineEntry } from '@viewbeat/schema'
import {
  createHandler,
  type IngestHandler,
  type OutgoingRecord,
  powertoolsObserver,
  type RequestFacts,
  readKeyBook,
} from '../../packages/ingest-lambda/src/index.ts'

/** The moment at which every fuzzed request comes, epoch ms. */
export const NOW = 1790000040000

/** The real ingest, with a stream and a quarantine that only remember. */
export interface RecordingIngest {
  handler: IngestHandler
  records: OutgoingRecord[]
  entries: QuarantineEntry[]
  facts: RequestFacts[]
  /** What it wrote anywhere that people or machines read logs. */
  output: string[]
  forget: () => void
  /** Gives standard output back to whom it belongs. */
  close: () => void
}

const METHODS = ['log', 'info', 'warn', 'error', 'debug', 'trace'] as const

/** Takes everything that is written to standard output, standard error and the console. */
const captureOutput = (output: string[]) => {
  const { stdout, stderr } = process
  const before = { out: stdout.write, err: stderr.write, console: METHODS.map((name) => console[name]) }
  const take = (chunk: unknown) => {
    output.push(String(chunk))
    return true
  }
  stdout.write = take as typeof stdout.write
  stderr.write = take as typeof stderr.write
  for (const name of METHODS)
    console[name] = (...values: unknown[]) => void output.push(values.map(String).join(' '))
  return () => {
    stdout.write = before.out
    stderr.write = before.err
    for (const [index, name] of METHODS.entries()) console[name] = before.console[index]!
  }
}

/** Opens the ingest with its real metrics and log, all of whose output is taken. */
export const openIngest = (): RecordingIngest => {
  const records: OutgoingRecord[] = []
  const entries: QuarantineEntry[] = []
  const facts: RequestFacts[] = []
  const output: string[] = []
  const close = captureOutput(output)
  // Each moment a second after the one before, so that nothing is held back.
  let clock = 0
  const observer = powertoolsObserver(() => (clock += 1000))
  const book = readKeyBook({
    pk_demo: { publisher: 'demo', origins: ['*'] },
    pk_half: { publisher: 'half', origins: ['*'], sample_rate: 0.5 },
    pk_off: { publisher: 'off', origins: ['*'], state: 'off' },
    pk_gone: { publisher: 'gone', origins: ['*'], state: 'gone' },
  })!
  const handler = createHandler({
    keys: () => book.keys,
    putRecords: async (outgoing) => {
      records.push(...outgoing)
      return { left: [], retried: 0 }
    },
    quarantine: { put: async (refused) => void entries.push(...refused) },
    observer: {
      ...observer,
      answered: (fact) => {
        facts.push(fact)
        observer.answered(fact)
      },
    },
    now: () => NOW,
  })
  return {
    handler,
    records,
    entries,
    facts,
    output,
    forget: () => {
      for (const list of [records, entries, facts, output]) list.length = 0
    },
    close,
  }
}
