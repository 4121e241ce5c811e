import { Command } from 'commander'
import { ConfigurationError } from '../errors.ts'
import { type ExitCode, type Terminal, UsageError } from './output.ts'

/** A command line that writes to `terminal` and never ends the process. */
export const createProgram = (name: string, terminal: Terminal): Command =>
  new Command(name)
    .configureOutput({
      writeOut: (text) => terminal.out(text.trimEnd()),
      writeErr: (text) => terminal.err(text.trimEnd()),
    })
    .exitOverride()

/**
 * Runs a program with `argv` (without node and script). Resolves to 0, or to 2 when it was asked wrongly or failed, which is
 * said in a line; what an action answers is its own to keep. Never throws.
 */
export const runProgram = async (program: Command, argv: string[], terminal: Terminal): Promise<ExitCode> => {
  try {
    await program.parseAsync(argv, { from: 'user' })
    return 0
  } catch (error) {
    const { exitCode, message, stack } = error as { exitCode?: number; message: string; stack?: string }
    if (exitCode === 0) return 0
    // The parser has said what was wrong itself.
    if (exitCode !== undefined) return 2
    const isKnown = error instanceof UsageError || error instanceof ConfigurationError
    terminal.err(isKnown ? message : `unexpected: ${process.env.DEBUG ? stack : message}`)
    return 2
  }
}
