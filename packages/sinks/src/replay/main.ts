import { createHash } from 'node:crypto'
import {
  createProgram,
  type ExitCode,
  plural,
  runProgram,
  type Terminal,
  tame,
  UsageError,
} from '@viewbeat/ingest-lambda/cli'
import type { Quarantine } from '@viewbeat/schema'
import { readQuarantine } from '../consume/config.ts'
import { drawTally } from './drawTally.ts'
import { openArchive } from './openArchive.ts'
import { openCheckpoint } from './openCheckpoint.ts'
import { openTarget, type TargetOptions } from './openTarget.ts'
import type { Wanted } from './readObject.ts'
import { replay, type Tally } from './replay.ts'

/** What a replay needs of the world. */
export interface ReplayWorld {
  env: NodeJS.ProcessEnv
  /** Epoch ms. */
  now: () => number
  /** Aborted to end the run: what is on its way is waited for. */
  signal: AbortSignal
}

interface Options extends TargetOptions {
  from: string
  to: string
  archive?: string
  quarantine?: string
  publisher?: string
  view?: string
  state?: string
  resume: boolean
  concurrency: string
  patience: string
  dryRun?: boolean
}

const PROGRESS_EVERY_MS = 250

/** No age such as `24h`: a run that goes on must mean the same hours. */
const readTime = (option: string, value: string): number => {
  const [, day, clock = 'T00:00', zone = 'Z'] =
    /^(\d{4}-\d\d-\d\d)(T\d\d:\d\d(?::\d\d(?:\.\d+)?)?)?(Z|[+-]\d\d:\d\d)?$/.exec(value) ?? []
  const time = Date.parse(`${day}${clock}${zone}`)
  if (Number.isNaN(time))
    throw new UsageError(
      `${option} ${value}: expected 2026-11-22 or 2026-11-22T10:00Z; UTC unless it says so`,
    )
  return time
}

const toSet = (list: string | undefined) => list && new Set(list.split(',').map((word) => word.trim()))

const readNumber = (option: string, value: string, max: number): number => {
  const number = Number(value)
  if (!Number.isInteger(number) || number < 1 || number > max)
    throw new UsageError(`${option} ${value}: expected a whole number from 1 to ${max}`)
  return number
}

const readWanted = ({ from, to, publisher, view }: Options): Wanted => {
  const wanted = { from: readTime('--from', from), to: readTime('--to', to) }
  if (wanted.from >= wanted.to) throw new UsageError('--from has to be before --to')
  return { ...wanted, publishers: toSet(publisher) || undefined, views: toSet(view) || undefined }
}

/** Counts what is refused on its way to the quarantine. */
const counted = (quarantine: Quarantine) => {
  let refused = 0
  return {
    refused: () => refused,
    quarantine: {
      async put(entries) {
        await quarantine.put(entries)
        for (const { seqs } of entries) refused += Math.max(1, seqs?.length ?? 0)
      },
    } satisfies Quarantine,
  }
}

/** For a dry run, which refuses nothing. */
const nowhere: Quarantine = { put: async () => {} }

const openQuarantine = ({ quarantine }: Options, env: NodeJS.ProcessEnv): Quarantine => {
  const place = quarantine ?? env.VIEWBEAT_QUARANTINE
  if (!place)
    throw new UsageError(
      '--quarantine <place>: name firehose:name or file:/folder, or set VIEWBEAT_QUARANTINE',
    )
  return readQuarantine({ ...env, VIEWBEAT_QUARANTINE: place })
}

const run = async (terminal: Terminal, options: Options, world: ReplayWorld): Promise<ExitCode> => {
  const { env, now, signal } = world
  const { dryRun: dry = false } = options
  const where = options.archive ?? env.VIEWBEAT_ARCHIVE
  if (!where)
    throw new UsageError('--archive <place>: name s3://bucket/prefix or a folder, or set VIEWBEAT_ARCHIVE')
  const wanted = readWanted(options)
  const concurrency = readNumber('--concurrency', options.concurrency, 64)
  const patience_ms = readNumber('--patience', options.patience, 86_400) * 1000
  const archive = openArchive(where)
  const { refused, quarantine } = counted(dry ? nowhere : openQuarantine(options, env))
  const target = dry ? undefined : await openTarget(options, quarantine, env)
  try {
    const job = [
      `${options.from} to ${options.to}`,
      `of ${where}`,
      `into ${target?.name ?? options.sink}`,
      ...(options.publisher ? [`publisher ${options.publisher}`] : []),
      ...(options.view ? [`view ${options.view}`] : []),
    ].join(', ')
    const hash = createHash('sha256').update(job).digest('hex').slice(0, 8)
    const file = options.state ?? `.viewbeat-replay-${hash}.json`
    const checkpoint = await openCheckpoint(file, job, { resume: options.resume && !dry, dry })
    if (checkpoint.progress.through) terminal.err(`Goes on where an earlier run ended (${file})`)

    const began = now()
    let drawn = 0
    const onProgress = (tally: Tally) => {
      if (now() - drawn < PROGRESS_EVERY_MS) return
      drawn = now()
      terminal.status(drawTally(tally, now() - began))
    }
    const { tally, unfinished, stopped, ...ended } = await replay({
      archive,
      wanted,
      target,
      checkpoint,
      refusedNow: refused,
      patience_ms,
      concurrency,
      signal,
      now,
      onProgress,
      onTrouble: (place, why) => terminal.err(`${tame(place)}: ${tame(why)}`),
    })
    terminal.status('')
    const seconds = Math.max(0.001, (now() - began) / 1000)
    terminal.out(
      `${plural(tally.events, 'event')} ${dry ? 'would be written' : 'written'} from ` +
        `${plural(tally.objects, 'object')} in ${seconds.toFixed(1)} s ` +
        `(${Math.round(tally.run.events / seconds).toLocaleString('en')} events/s), ` +
        `${plural(ended.refused, 'event')} refused.`,
    )
    if (ended.refused > 0) terminal.err('What was refused is in quarantine: see viewbeat-quarantine report')
    if (unfinished.length > 0)
      terminal.err(
        `${plural(unfinished.length, 'object')} could not be read or stored whole: run it again to try them`,
      )
    if (stopped !== undefined) terminal.err(`Stopped: ${tame(stopped)}. Run it again to go on from here`)
    return ended.refused + unfinished.length + tally.broken > 0 || stopped !== undefined ? 1 : 0
  } finally {
    await target?.close()
  }
}

/** Runs the command line `argv` (without node and script) and resolves with its exit code. Never throws for bad input. */
export const main = async (argv: string[], terminal: Terminal, world: ReplayWorld): Promise<ExitCode> => {
  let code: ExitCode = 0
  const program = createProgram('viewbeat-replay', terminal)
    .description('Writes what the archive holds into a sink once more: a lost index, a new mapping.')
    .requiredOption('--from <time>', 'events that were received from then on: 2026-11-22, 2026-11-22T10:00Z')
    .requiredOption('--to <time>', 'and before then')
    .requiredOption('--sink <sink>', 'search or store')
    .option('--archive <place>', 's3://bucket/prefix or a folder; VIEWBEAT_ARCHIVE unless named')
    .option('--search <address>', 'where OpenSearch is; VIEWBEAT_SEARCH unless named')
    .option('--store <file>', 'the DuckDB file of the embedded store')
    .option('--quarantine <place>', 'where what is refused goes: firehose:name or file:/folder')
    .option('--publisher <names>', 'only of these, with commas between')
    .option('--view <ids>', 'only of these views')
    .option('--concurrency <number>', 'how many objects are on their way at once', '4')
    .option('--patience <seconds>', 'for how long a record may fail before the run goes on without it', '600')
    .option('--state <file>', 'where to note how far it has come')
    .option('--no-resume', 'begin anew, wherever an earlier run ended')
    .option('--dry-run', 'write nothing; say how much would be written')
    .action(async (options: Options) => {
      code = await run(terminal, options, world)
    })
  return (await runProgram(program, argv, terminal)) || code
}
