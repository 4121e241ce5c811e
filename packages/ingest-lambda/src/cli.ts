// What the command lines of other packages share with this one.
export { openTerminal } from './cli/openTerminal.ts'
export { type ExitCode, paint, plural, type Terminal, tame, UsageError } from './cli/output.ts'
export { inflate } from './cli/read/inflate.ts'
export { readLines } from './cli/read/readLines.ts'
export { createProgram, runProgram } from './cli/runProgram.ts'
