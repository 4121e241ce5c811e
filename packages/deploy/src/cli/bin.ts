import { main } from './main.ts'

const lines = (stream: NodeJS.WriteStream) => (line: string) => void stream.write(`${line}\n`)

process.exitCode = await main(process.argv.slice(2), {
  out: lines(process.stdout),
  err: lines(process.stderr),
  cwd: process.cwd(),
})
