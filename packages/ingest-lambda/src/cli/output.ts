import { styleText } from 'node:util'

/** Where a command writes: the process, or what a test gives it. */
export interface Terminal {
  out: (line: string) => void
  err: (line: string) => void
  /** Draws one line that the next one replaces, where people look on; an empty one takes it away. */
  status: (line: string) => void
  /** Width of the screen, in columns. */
  columns: number
  colors: boolean
}

type Style = 'red' | 'green' | 'yellow' | 'cyan' | 'dim' | 'bold'

/** Colours a text when the terminal has colours. */
export const paint = (terminal: Terminal, style: Style, text: string): string =>
  terminal.colors ? styleText(style, text, { validateStream: false }) : text

/** What a command answers the shell: 0 for yes, 1 for no, 2 for "asked wrongly". */
export type ExitCode = 0 | 1 | 2

/** The command was asked wrongly: one line says what to do. Ends the command with exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** `3 events`, `1 event`. */
export const plural = (count: number, noun: string, many = `${noun}s`): string =>
  `${count.toLocaleString('en')} ${count === 1 ? noun : many}`

/** Takes out what moves a cursor, rings a bell or turns text around: most of what is shown here came from strangers. */
export const tame = (text: string): string => text.replace(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu, '·')
