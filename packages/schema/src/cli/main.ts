import { Command } from 'commander'
import { type ExitCode, type Terminal, UsageError } from './output.ts'

/** By name, because the commands that throw them are loaded when they are asked for. */
const EXPECTED = new Set(['UnpublishableError', 'UnsupportedKeywordError'])

/** What a person can mend, and needs no stack for. */
const isExpected = (error: unknown) => error instanceof UsageError || EXPECTED.has((error as Error).name)

/** Runs the command line `argv` (without node and script) and resolves with its exit code. Never throws for bad input. */
export const main = async (argv: string[], terminal: Terminal): Promise<ExitCode> => {
  let code: ExitCode = 0
  /** Loads a command when it is asked for, and hands it its arguments, without the parser's own. */
  const run =
    <A extends unknown[]>(
      load: () => Promise<(terminal: Terminal, ...args: A) => ExitCode | Promise<ExitCode>>,
    ) =>
    async (...args: unknown[]) => {
      const command = await load()
      code = await command(terminal, ...(args.slice(0, -1) as A))
    }

  const program = new Command('viewbeat-schema')
    .description('The contract of player events: check what you send, and see what a change would break.')
    .configureOutput({
      writeOut: (text) => terminal.out(text.trimEnd()),
      writeErr: (text) => terminal.err(text.trimEnd()),
    })
    .exitOverride()

  const forMaintainers = 'For those who change the contract:'
  const DIR = ['--dir <folder>', 'folder of the package that holds the contract'] as const
  const JSON_OPTION = ['--json', 'answer in JSON'] as const

  program
    .command('validate')
    .argument('[files...]', 'NDJSON, JSON or CMCD; stdin when there is none')
    .description('say of each batch what the ingest would: good, or what is wrong, where, and what to do')
    .option('--strict', "hold it to the producer's own wire version too: misspelt fields, words not agreed")
    .option('--all', 'name the good lines too')
    .option('--format <format>', 'json or cmcd, instead of telling by each line')
    .option(...JSON_OPTION)
    .option(...DIR)
    .action(run(async () => (await import('./validate.ts')).validate))
  program
    .command('explain')
    .argument('[files...]', 'batches, records, lines of the archive or CMCD; stdin when there is none')
    .description(
      'tell the story of a view: its states over time, broken rules of order, totals against events',
    )
    .option('--view <view_id>', 'only this one')
    .option(...JSON_OPTION)
    .action(run(async () => (await import('./explain.ts')).explain))
  program
    .command('upcast')
    .argument('[files...]', 'batches; stdin when there is none')
    .description('write each batch as the newest version has it')
    .option('--steps', 'show every step on the way, and what it does')
    .action(run(async () => (await import('./upcast.ts')).upcast))
  program
    .command('map')
    .argument('[files...]', 'batches, records, lines of the archive; stdin when there is none')
    .description('say events in the words of another standard, and what is lost by that')
    .requiredOption('--to <standard>', 'cmcd')
    .option(...JSON_OPTION)
    .action(run(async () => (await import('./map.ts')).map))
  program
    .command('diff')
    .argument('<before>', 'a version, `next`, or a folder')
    .argument('<after>', 'a version, `next`, or a folder')
    .description('say every difference between two versions: breaking, additive, or docs only')
    .option(...JSON_OPTION)
    .option(...DIR)
    .action(run(async () => (await import('./diff.ts')).diff))
  program
    .command('compat')
    .description('prove that within a major every reader takes what every producer sends')
    .option(...JSON_OPTION)
    .option(...DIR)
    .action(run(async () => (await import('./compat.ts')).compat))

  program.commandsGroup(forMaintainers)
  program
    .command('generate')
    .description('write all that follows from the Zod schemas')
    .option('--check', 'write nothing; exit code 1 when something would change')
    .option(...DIR)
    .action(run(async () => (await import('./generate.ts')).generate))
  program
    .command('freeze')
    .description('lock published files by their SHA-256')
    .option('--check', 'only compare; exit code 1 when a published file was edited or deleted')
    .option(...JSON_OPTION)
    .option(...DIR)
    .action(run(async () => (await import('./freeze.ts')).freeze))

  program
    .command('new-version')
    .description('make the draft, schemas/next, the next minor version')
    .requiredOption('--say <sentence>', 'what is new, for the people who read the changelog')
    .option(...DIR)
    .action(run(async () => (await import('./newVersion.ts')).newVersion))

  try {
    await program.parseAsync(argv, { from: 'user' })
    return code
  } catch (error) {
    const { exitCode, message, stack } = error as { exitCode?: number; message: string; stack?: string }
    if (exitCode === 0) return 0
    // The parser has said what was wrong itself.
    if (exitCode !== undefined) return 2
    terminal.err(isExpected(error) ? message : `unexpected: ${process.env.DEBUG ? stack : message}`)
    return 2
  }
}
