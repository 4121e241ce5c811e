import { Command, InvalidArgumentError } from 'commander'
import type { Output } from '../terminal/output.ts'
import { judge } from './judge.ts'
import { playSeed } from './playSeed.ts'
import { printProgress, printReport } from './printReport.ts'
import { isWithDuckDb, runSeeds } from './runSeeds.ts'
import { tellAll, tellStory } from './tellStory.ts'

interface Options {
  seeds: number
  seed?: number
  from: number
  duckdb: number
  story?: true
  json?: true
}

const number = (least: number) => (text: string) => {
  const value = text.trim() === '' ? Number.NaN : Number(text)
  if (!Number.isSafeInteger(value) || value < least)
    throw new InvalidArgumentError(`Expected a whole number from ${least}.`)
  return value
}

const parser = ({ out, err }: Output) =>
  new Command('faults')
    .description(
      'Plays seeds from the player to every store while everything between them fails, and holds each event to account.',
    )
    .configureOutput({
      writeOut: (text) => out(text.trimEnd()),
      writeErr: (text) => err(text.trimEnd()),
    })
    .exitOverride()
    .option('--seeds <number>', 'how many are played', number(1), 100)
    .option('--from <seed>', 'the first of them', number(0), 1)
    .option('--seed <seed>', 'only this one', number(0))
    .option('--story', 'with --seed: tells all that happened')
    .option(
      '--duckdb <number>',
      'plays each so many-th seed with DuckDB, which is slow; 0 for none',
      number(0),
      25,
    )
    .option('--json', 'answer in JSON')
    .addHelpText(
      'after',
      [
        '',
        'Time is virtual: a seed plays the same on every machine. Ctrl-C ends after the seed that is played, and',
        'reports; a second one ends at once. Exit code 1: an event is not accounted for.',
      ].join('\n'),
    )

/** How often progress is told where nobody looks on, s. */
const TELL_EVERY_S = 10

/** How many failing seeds have their story told. */
const MOST_STORIES = 3

/** Runs the command line; answers its exit code: 0, 1 when an event is not accounted for, 2 when it cannot begin. */
export const main = async (argv: string[], output: Output, signal?: AbortSignal): Promise<0 | 1 | 2> => {
  const program = parser(output)
  try {
    program.parse(argv, { from: 'user' })
  } catch (error) {
    return (error as { exitCode?: number }).exitCode === 0 ? 0 : 2
  }
  const { seeds, seed, from, duckdb, story, json } = program.opts<Options>()
  if (story && seed === undefined) {
    output.err('--story: say whose, with --seed')
    return 2
  }
  if (story && seed !== undefined) {
    const scene = await playSeed(seed, { hasDuckDb: isWithDuckDb(seed, duckdb) })
    const found = judge(scene)
    for (const line of tellAll(scene)) output.out(line)
    output.out('')
    for (const line of found.length > 0
      ? tellStory(scene, found)
      : [`Seed ${seed}: every event is accounted for.`])
      output.out(line)
    return found.length > 0 ? 1 : 0
  }

  const wanted = seed === undefined ? { first: from, seeds } : { first: seed, seeds: 1 }
  let told = 0
  let stories = 0
  const report = await runSeeds(
    { ...wanted, duckDbEvery: duckdb },
    {
      ...(signal && { signal }),
      onProgress(progress) {
        if (output.interactive) output.status(printProgress(progress, wanted.seeds))
        else if (progress.seconds - told >= TELL_EVERY_S) {
          told = progress.seconds
          output.err(printProgress(progress, wanted.seeds))
        }
      },
      onFailed(scene, found) {
        if (stories++ >= MOST_STORIES) return
        output.status('')
        for (const line of tellStory(scene, found)) output.err(line)
      },
    },
  )
  output.status('')
  if (json) output.out(JSON.stringify(report, null, 2))
  else for (const line of printReport(report)) output.out(line)
  return report.failed.length > 0 ? 1 : 0
}
