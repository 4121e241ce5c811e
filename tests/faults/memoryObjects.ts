import type { SpillObjects } from '../../packages/ingest-lambda/src/index.ts'

/** Spilled records in memory. */
export const memoryObjects = (): SpillObjects & { bodies: Map<string, Buffer> } => {
  const bodies = new Map<string, Buffer>()
  return {
    bodies,
    async put(name, body) {
      bodies.set(name, Buffer.from(body))
    },
    list: async (limit, after = '') =>
      [...bodies.keys()]
        .filter((name) => name > after)
        .toSorted()
        .slice(0, limit),
    get: async (name) => bodies.get(name)!,
    async remove(name) {
      bodies.delete(name)
    },
  }
}
