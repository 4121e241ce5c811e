import { main } from './main.ts'

const lines = (stream: NodeJS.WriteStream) => (line: string) => void stream.write(`${line}\n`)

// A reader such as `head` may close the pipe early: that is its right.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0)
  throw error
})

process.exitCode = await main(process.argv.slice(2), {
  out: lines(process.stdout),
  err: lines(process.stderr),
  cwd: process.cwd(),
})
