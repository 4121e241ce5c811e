import type { Archive, ArchiveObject } from './archive.ts'

const HOUR_MS = 3_600_000

/** The prefix of an hour's objects. */
const prefixOf = (hour: number) => {
  const [day, time] = new Date(hour).toISOString().split('T') as [string, string]
  return `events/dt=${day}/hour=${time.slice(0, 2)}/`
}

/** The archive's objects of the received hours that `from` to `to` (epoch ms, exclusive) touches, by their keys. */
export async function* listObjects(
  archive: Pick<Archive, 'list'>,
  from: number,
  to: number,
): AsyncGenerator<ArchiveObject> {
  for (let hour = Math.floor(from / HOUR_MS) * HOUR_MS; hour < to; hour += HOUR_MS)
    for await (const object of archive.list(prefixOf(hour)))
      if (/\.(ndjson|json|gz)$/.test(object.key)) yield object
}
