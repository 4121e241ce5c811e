import { main } from './main.ts'

const lines = (stream: NodeJS.WriteStream) => (line: string) => void stream.write(`${line}\n`)

// A reader such as `head` may close the pipe early: that is its right.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0)
  throw error
})

process.exitCode = await main(process.argv.slice(2), {
  stdin: process.stdin,
  out: lines(process.stdout),
  err: lines(process.stderr),
  status: (line) => {
    if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${line}`)
  },
  columns: process.stdout.columns ?? 100,
  interactive: process.stderr.isTTY ?? false,
  colors: (process.stdout.isTTY ?? false) && !process.env.NO_COLOR,
})
