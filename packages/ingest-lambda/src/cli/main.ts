import type { Command } from 'commander'
import type { ExitCode, Terminal } from './output.ts'
import { type RedriveOptions, type RedriveWorld, redrive } from './redrive.ts'
import { type ReportOptions, report } from './report.ts'
import { createProgram, runProgram } from './runProgram.ts'

/** Runs the command line `argv` (without node and script) and resolves with its exit code. Never throws for bad input. */
export const main = async (argv: string[], terminal: Terminal, world: RedriveWorld): Promise<ExitCode> => {
  let code: ExitCode = 0
  const program = createProgram('viewbeat-quarantine', terminal).description(
    'What the ingest and the sinks refused: see why, and send it again after a fix.',
  )

  const withFilter = (command: Command) =>
    command
      .argument('<where>', 'a folder, or s3://bucket/prefix')
      .option(
        '--since <time>',
        'received from then on: 2026-11-22, 2026-11-22T10:00Z, or an age such as 24h, 7d',
      )
      .option('--until <time>', 'received before then')
      .option('--publisher <names>', 'only of these, with commas between')
      .option('--stage <stages>', 'only what was refused there: ingest, archive, search, store')
      .option('--code <codes>', 'only what was refused for these reasons')

  withFilter(
    program
      .command('report')
      .description('group entries by publisher, stage, code and place, with a masked sample each'),
  )
    .option('--json', 'answer in JSON')
    .action(async (where: string, options: ReportOptions) => {
      code = await report(terminal, where, options, world.now())
    })
  withFilter(
    program.command('redrive').description('send entries again that pass by now; each event lands once'),
  )
    .option('--to <address>', 'where what the ingest refused is posted again: https://…/v1/events?key=pk_…')
    .option('--to-stream <name>', 'the Kinesis stream that what a sink refused is put on again')
    .option(
      '--keys <file>',
      'which key sends for which publisher: {"demo":"pk_demo"}, or the document of keys',
    )
    .option('--state <file>', 'where to note what has landed; .redriven.ndjson in the folder unless named')
    .option('--rate <posts>', 'how many posts and records: 50/s, 600/m', '50/s')
    .option('--keep-going', 'go on when the ingest refuses what passes here')
    .option('--dry-run', 'send nothing; say what would be sent')
    .action(async (where: string, options: RedriveOptions) => {
      code = await redrive(terminal, where, options, world)
    })

  return (await runProgram(program, argv, terminal)) || code
}
