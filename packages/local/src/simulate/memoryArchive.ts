import { gunzipSync } from 'node:zlib'
import type { FlatEvent } from '@viewbeat/schema'
import type { ObjectStore } from '@viewbeat/sinks'
import type { Time } from './createTime.ts'
import type { Waver } from './wavering.ts'
import { within } from './within.ts'

/** An object store in memory. */
export const memoryArchive = (time: Time, waver: Waver) => {
  const objects = new Map<string, Uint8Array>()
  const put = waver('PutObject', async (key: string, body: Uint8Array) => {
    objects.set(key, body)
  })
  return {
    objects,
    /** Misbehaves. */
    store: {
      putObject: (key, body, timeoutMs) => within(time, timeoutMs, put(key, body)),
    } satisfies ObjectStore as ObjectStore,
  }
}

/** Reads an object as any reader of lines does. Throws where it is none. */
export const readLines = (body: Uint8Array): FlatEvent[] => {
  const text = gunzipSync(body).toString()
  if (!text.endsWith('\n')) throw new Error('The last line has no newline')
  return text
    .slice(0, -1)
    .split('\n')
    .map((line) => JSON.parse(line) as FlatEvent)
}
