import { Argument, Command, CommanderError } from 'commander'
import { listSettings } from '../settings/listSettings.ts'

/** Where a command writes, and where it was called. */
export interface Terminal {
  out: (line: string) => void
  err: (line: string) => void
  cwd: string
}

/** What the CDK CLI can be asked to do with the stack. */
const ACTIONS = ['deploy', 'diff', 'synth', 'bootstrap', 'destroy']

/** What a person can mend, and needs no stack for. */
const EXPECTED = new Set(['SettingsError', 'CodeError', 'TemplateError'])

const SETTINGS = ['--settings <file>', 'JSON file of settings; all defaults without one'] as const
const CODE = ['--code <file>', 'bundle of the ingest, instead of the one that the build wrote'] as const
const SINKS = ['--sinks <folder>', 'bundles of the sinks, instead of those that the build wrote'] as const

const explainSettings = () => [
  '\nSettings, in a JSON file; each has the default that is shown, or may be left out:',
  ...listSettings().flatMap(({ path, fallback, description }) => [
    `  ${path}${fallback === undefined ? '' : ` = ${fallback}`}`,
    `      ${description}`,
  ]),
]

/** Runs the command line `argv` (without node and script) and resolves to its exit code. Never throws for bad input. */
export const main = async (argv: string[], terminal: Terminal): Promise<number> => {
  let code = 0
  const program = new Command('viewbeat-deploy')
    .description('The ingest and the sinks in your AWS account.')
    .configureOutput({
      writeOut: (text) => terminal.out(text.trimEnd()),
      writeErr: (text) => terminal.err(text.trimEnd()),
    })
    .exitOverride()

  program
    .command('synth')
    .description('write plain CloudFormation and the zip of the functions, for an account without CDK')
    .option(...SETTINGS)
    .option(...CODE)
    .option(...SINKS)
    .option('--out <folder>', 'where to (default: packages/deploy/dist/cloudformation)')
    .action(async (options) => (await import('./synth.ts')).synth(terminal, options))
  program
    .command('deploy')
    .addArgument(
      new Argument('[action]', 'what the CDK CLI is asked to do').choices(ACTIONS).default('deploy'),
    )
    .argument('[further...]', 'arguments of the CDK CLI, after --')
    .description('deploy with the CDK CLI; the account must be bootstrapped (once: bootstrap)')
    .option(...SETTINGS)
    .option(...CODE)
    .option(...SINKS)
    .action(async (action, further, options) => {
      code = await (await import('./deploy.ts')).deploy(action, further, options)
    })
  for (const command of program.commands) command.addHelpText('after', () => explainSettings().join('\n'))

  program
    .command('lint')
    .argument('<templates...>', 'CloudFormation in JSON, yours or ours')
    .description('find stream mappings without finite retries, age, bisecting and a destination')
    .action(async (files) => {
      code = await (await import('./lint.ts')).lint(terminal, files)
    })

  try {
    await program.parseAsync(argv, { from: 'user' })
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
    if (!EXPECTED.has((error as Error).name)) throw error
    terminal.err((error as Error).message)
    return 2
  }
  return code
}
