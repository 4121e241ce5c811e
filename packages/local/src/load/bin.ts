import { main } from './main.ts'

const lines = (stream: NodeJS.WriteStream) => (line: string) => void stream.write(`${line}\n`)

const stopper = new AbortController()
let asked = false
const stop = () => {
  if (asked) process.exit(130)
  asked = true
  stopper.abort()
}
process.on('SIGINT', stop)
process.on('SIGTERM', stop)

const interactive = process.stderr.isTTY ?? false
process.exitCode = await main(
  process.argv.slice(2),
  {
    out: lines(process.stdout),
    err: lines(process.stderr),
    status: (line) => {
      if (interactive) process.stderr.write(`\r\x1b[K${line.slice(0, (process.stderr.columns ?? 100) - 1)}`)
    },
    interactive,
  },
  stopper.signal,
)
