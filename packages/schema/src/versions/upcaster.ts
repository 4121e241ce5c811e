import type { Batch } from '../batch.ts'

/** How a batch of one minor version becomes one of the next. Pure: makes new objects where something changes. */
export interface Upcaster {
  from: string
  to: string
  /** What it does, in a sentence. */
  says: string
  upcast: (batch: Batch) => Batch
}
