import { openTerminal } from '@viewbeat/ingest-lambda/cli'
import { main } from './main.ts'

const { terminal } = openTerminal()

process.exitCode = await main(process.argv.slice(2), terminal, { env: process.env, fetch, now: Date.now })
