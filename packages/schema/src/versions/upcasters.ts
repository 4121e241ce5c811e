import type { Batch } from '../batch.ts'
import { from1_0 } from './from1_0.ts'

/** How a batch of one minor version becomes one of the next. Pure: makes new objects where something changes. */
export interface Upcaster {
  from: string
  to: string
  /** What it does, in a sentence. */
  says: string
  upcast: (batch: Batch) => Batch
}

/** Every step from an older minor to the newest, in order. A version that is not named needs no step. */
export const upcasters: readonly Upcaster[] = [from1_0]
