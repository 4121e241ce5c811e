import type { Finding } from '../../../packages/local/src/simulate/finding.ts'

/** A deliberate bug: what would be the text of a source if somebody had got it wrong. */
export interface Bug {
  /** What the code does wrong. */
  name: string
  /** From the root. */
  file: string
  /** What is there, exactly once, and what stands there instead. */
  replacements: readonly (readonly [from: string, to: string])[]
  /** The promises it breaks: the bench must say one of them. */
  breaks: readonly Finding['kind'][]
  /** Whether only the real store shows it. */
  needsDuckDb?: boolean
}
