/** Where a command line writes. */
export interface Output {
  out: (line: string) => void
  err: (line: string) => void
  /** Draws one line that the next one replaces, where people look on; an empty one takes it away. */
  status: (line: string) => void
  /** Whether people look on. */
  interactive: boolean
}
