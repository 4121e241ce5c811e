import { inflate, readLines } from '@viewbeat/ingest-lambda/cli'
import type { FlatEvent } from '@viewbeat/schema'
import type { Archive } from './archive.ts'

/** Which events are wanted. */
export interface Wanted {
  /** By the time at which the server received them, epoch ms. */
  from: number
  /** Exclusive. */
  to: number
  publishers?: ReadonlySet<string> | undefined
  views?: ReadonlySet<string> | undefined
}

const isEvent = (value: unknown): value is FlatEvent => {
  const event = value as Partial<FlatEvent> | null
  return (
    typeof event === 'object' &&
    event !== null &&
    typeof event.view_id === 'string' &&
    typeof event.publisher === 'string' &&
    typeof event.received_at === 'number' &&
    typeof event.type === 'string' &&
    Number.isSafeInteger(event.seq)
  )
}

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const isWanted = ({ from, to, publishers, views }: Wanted, event: FlatEvent) =>
  event.received_at >= from &&
  event.received_at < to &&
  (!publishers || publishers.has(event.publisher)) &&
  (!views || views.has(event.view_id))

/**
 * Reads the wanted events of an object, holding one line at a time. Tells `onBroken` the number of a line that is no
 * event; throws when the object ends before its end.
 */
export async function* readObject(
  archive: Pick<Archive, 'open'>,
  key: string,
  wanted: Wanted,
  onBroken: (line: number) => void,
): AsyncGenerator<FlatEvent> {
  const views = wanted.views && [...wanted.views]
  for await (const { number, text } of readLines(inflate(await archive.open(key)))) {
    // Most lines are of other views: to look for a name costs less than to read JSON.
    if (text !== undefined && views && !views.some((view) => text.includes(view))) continue
    const event = text === undefined ? undefined : parse(text)
    if (!isEvent(event)) onBroken(number)
    else if (isWanted(wanted, event)) yield event
  }
}
