import { main } from './main.ts'
import { openTerminal } from './openTerminal.ts'
import { openStream } from './redrive/openStream.ts'

const { terminal, signal } = openTerminal()

process.exitCode = await main(process.argv.slice(2), terminal, { fetch, openStream, now: Date.now, signal })
