import { createHash } from 'node:crypto'

/** Whether a view is among the share that is kept: the same answer for each of its batches, on every instance. */
export const isSampled = (viewId: string, rate: number) =>
  createHash('sha256').update(viewId).digest().readUInt32BE() < rate * 2 ** 32
