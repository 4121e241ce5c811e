import type { PlayerEvent } from '@viewbeat/schema'
import type { MemoryTransport } from './memoryTransport.ts'

const holds = (actual: unknown, expected: unknown): boolean =>
  typeof expected === 'object' && expected !== null
    ? Object.entries(expected).every(([key, value]) =>
        holds((actual as Record<string, unknown> | undefined)?.[key], value),
      )
    : Object.is(actual, expected)

/**
 * The first event of a type that was sent and has these fields. Throws, naming what was sent instead, when there is none.
 * Await `tracker.flush()` before, so that it has been sent.
 */
export const expectEvent = <T extends PlayerEvent['type']>(
  { events }: Pick<MemoryTransport, 'events'>,
  type: T,
  fields: Partial<Extract<PlayerEvent, { type: T }>> = {},
): Extract<PlayerEvent, { type: T }> => {
  const ofType = events.filter((event) => event.type === type)
  const found = ofType.find((event) => holds(event, fields))
  if (found) return found as Extract<PlayerEvent, { type: T }>
  const sent =
    ofType.length > 0 ? ofType.map((event) => JSON.stringify(event)) : events.map(({ type }) => type)
  throw new Error(
    `No ${type} with ${JSON.stringify(fields)} was sent; ${sent.length > 0 ? `what was:\n${sent.join('\n')}` : 'nothing was'}`,
  )
}
