import type { FlatEvent } from '@viewbeat/schema'
import { createArchiveSink } from '@viewbeat/sinks'
import type { KinesisStreamEvent } from 'aws-lambda'
import type { Finding } from './finding.ts'
import { readLines } from './memoryArchive.ts'

const KEY = /^events\/dt=(\d{4}-\d\d-\d\d)\/hour=(\d\d)\/[\w.-]+\.ndjson\.gz$/

/** Reads all objects of an archive, and says what of them no reader would understand. */
export const readArchive = (objects: ReadonlyMap<string, Uint8Array>) => {
  const events: FlatEvent[] = []
  const wrong: Finding[] = []
  for (const [key, body] of objects) {
    try {
      const lines = readLines(body)
      events.push(...lines)
      const [, day, hour] = KEY.exec(key) ?? []
      for (const { received_at } of lines)
        if (!new Date(received_at).toISOString().startsWith(`${day}T${hour}`)) {
          wrong.push({ kind: 'object', text: `archive: ${key} holds what was received at another time` })
          break
        }
    } catch (error) {
      wrong.push({ kind: 'object', text: `archive: ${key}: ${(error as Error).message}` })
    }
  }
  return { events, wrong }
}

/** How many invocations are repeated. */
const REPEATED = 5

/** Hands the archive's sink invocations that it is done with once more, and says what that changed: nothing may. */
export const repeatArchive = async (
  done: readonly KinesisStreamEvent[],
  objects: Map<string, Uint8Array>,
  now: () => number,
): Promise<Finding[]> => {
  const wrong: Finding[] = []
  const sink = createArchiveSink({
    objects: {
      async putObject(key, body) {
        const before = objects.get(key)
        if (!before)
          wrong.push({
            kind: 'object',
            text: `archive: An invocation that comes again makes another object, ${key}`,
          })
        else if (!Buffer.from(before).equals(Buffer.from(body)))
          wrong.push({ kind: 'object', text: `archive: An invocation that comes again changes ${key}` })
      },
    },
    quarantine: { put: async () => {} },
    now,
  })
  for (const event of done.slice(-REPEATED)) await sink(event)
  return wrong
}
