import { main } from './main.ts'

// A reader such as `head` may close the pipe early: that is its right.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0)
  throw error
})

const lines = (stream: NodeJS.WriteStream) => (line: string) => void stream.write(`${line}\n`)

process.exitCode = main(process.argv.slice(2), {
  out: lines(process.stdout),
  err: lines(process.stderr),
  columns: process.stdout.columns ?? 100,
})
