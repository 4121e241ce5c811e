import type { Context } from 'aws-lambda'
import { type Drained, drainSpill } from './spill/drainSpill.ts'

/** What draining the spill needs of the world. */
export type DrainDependencies = Parameters<typeof drainSpill>[0] & { observe: (drained: Drained) => void }

/** Puts spilled records on the stream; what schedules it gives an event that says nothing. */
export type DrainHandler = (
  event?: unknown,
  context?: Pick<Context, 'getRemainingTimeInMillis'>,
) => Promise<Drained>

/** What of the time is kept for the object that is being drained, ms. */
const RESERVE_MS = 5000

/** How long a run lasts where nothing else ends it, ms. */
const RUN_MS = 50_000

/** The function that runs every minute: what the ingest spilled goes onto the stream, once that takes it again. */
export const createDrain =
  ({ observe, ...dependencies }: DrainDependencies): DrainHandler =>
  async (_, context) => {
    const left = context?.getRemainingTimeInMillis() ?? RUN_MS
    const drained = await drainSpill(dependencies, dependencies.now() + left - RESERVE_MS)
    observe(drained)
    return drained
  }
