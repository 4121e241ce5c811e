import { runInTerminal } from '../terminal/runInTerminal.ts'
import { main } from './main.ts'

await runInTerminal(main)
