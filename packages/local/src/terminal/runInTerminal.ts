import type { Output } from './output.ts'

const lines = (stream: NodeJS.WriteStream) => (line: string) => void stream.write(`${line}\n`)

/** Runs a command line in this process: Ctrl-C aborts its signal, a second one ends at once. What it answers is the exit code. */
export const runInTerminal = async (
  main: (argv: string[], output: Output, signal: AbortSignal) => Promise<number>,
) => {
  const stopper = new AbortController()
  const stop = () => {
    if (stopper.signal.aborted) process.exit(130)
    stopper.abort()
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
  const interactive = process.stderr.isTTY ?? false
  const output: Output = {
    out: lines(process.stdout),
    err: lines(process.stderr),
    status: (line) => {
      if (interactive) process.stderr.write(`\r\x1b[K${line.slice(0, (process.stderr.columns ?? 100) - 1)}`)
    },
    interactive,
  }
  process.exitCode = await main(process.argv.slice(2), output, stopper.signal)
}
