import type { Batch } from '../batch.ts'
import { WIRE_VERSION } from '../limits.ts'
import type { Upcaster } from './upcaster.ts'
import { upcasters } from './upcasters.ts'

const minorOf = (version: string) => Number(version.split('.')[1])

/** The steps that bring a batch of `spec` to the newest minor of its major; none when it is as new, or newer. */
export const upcastSteps = (spec: string): Upcaster[] =>
  upcasters.filter(({ from }) => minorOf(from) >= minorOf(spec) && minorOf(from) < minorOf(WIRE_VERSION))

/**
 * Brings a batch that was checked to the newest minor version and stamps `upcast_from`. A batch of the newest version,
 * or of a newer one than this package knows, is answered as it is.
 */
export const upcast = (batch: Batch): Batch => {
  if (batch.spec === WIRE_VERSION || minorOf(batch.spec) > minorOf(WIRE_VERSION)) return batch
  const { spec } = batch
  const newest = upcastSteps(spec).reduce((older, step) => step.upcast(older), batch)
  return { ...newest, spec: WIRE_VERSION, upcast_from: spec }
}
