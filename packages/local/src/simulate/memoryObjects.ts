import type { SpillObjects } from '@viewbeat/ingest-lambda'
import type { Waver } from './wavering.ts'

const UUID = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/

/** Spilled records in memory. A name's chance part becomes a number, so that a seed's order is always the same. */
export const memoryObjects = (waver: Waver): SpillObjects & { bodies: Map<string, Buffer> } => {
  const bodies = new Map<string, Buffer>()
  let names = 0
  return {
    bodies,
    put: waver('put', async (name, body) => {
      bodies.set(
        name.replace(UUID, () => `n${String(names++).padStart(6, '0')}`),
        Buffer.from(body),
      )
    }),
    list: waver('list', async (limit, after = '') =>
      [...bodies.keys()]
        .filter((name) => name > after)
        .toSorted()
        .slice(0, limit),
    ),
    get: waver('get', async (name) => bodies.get(name)!),
    remove: waver('remove', async (name) => {
      bodies.delete(name)
    }),
  }
}
