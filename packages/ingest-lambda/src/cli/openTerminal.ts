import type { Terminal } from './output.ts'

/** The process's own terminal, and what ends when somebody interrupts it for the first time. */
export const openTerminal = (): { terminal: Terminal; signal: AbortSignal } => {
  const { stdout, stderr } = process
  let drawn = false
  const draw = (line: string) => {
    if (!stderr.isTTY || (line === '' && !drawn)) return
    stderr.write(`\r\x1b[K${line}`)
    drawn = line !== ''
  }
  const lines = (stream: NodeJS.WriteStream) => (line: string) => {
    draw('')
    stream.write(`${line}\n`)
  }

  // A reader such as `head` may close the pipe early: that is its right.
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0)
    throw error
  })

  // The first asks to end in order; the second is the system's own.
  const stopping = new AbortController()
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stopping.abort())

  const terminal = {
    out: lines(stdout),
    err: lines(stderr),
    status: draw,
    columns: stdout.columns ?? 160,
    colors: (stdout.isTTY ?? false) && !process.env.NO_COLOR,
  }
  return { terminal, signal: stopping.signal }
}
