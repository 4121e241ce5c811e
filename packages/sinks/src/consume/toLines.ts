import { type FlatEvent, flattenRecord, type StreamRecord } from '@viewbeat/schema'

/** What `flattenRecord` puts around an event, where the batch has it. */
const AROUND: ReadonlySet<string> = new Set<keyof FlatEvent>([
  'view_id',
  'visit_id',
  'publisher',
  'received_at',
  'sent_at',
  'spec',
  'sdk',
  'client',
  'context',
  'dropped',
  'upcast_from',
])

/** Whether the event has a name of its own for something that is put around it. */
const isAmbiguous = (event: object): boolean => {
  for (const name in event) if (AROUND.has(name)) return true
  return false
}

/**
 * A record as lines of JSON: one for each event, in their order, each with its newline. They hold what `flattenRecord`
 * gives. The text of what is around the events is made once and put behind each of them: of a batch of twenty that takes
 * half the time. Throws for what nests too deep to be written.
 */
export const toLines = (record: StreamRecord): string[] => {
  const { batch, received_at, publisher, client } = record
  const { events, view_id, visit_id, sent_at, spec, upcast_from, sdk, context, dropped } = batch
  const around = {
    ...{ view_id, visit_id, publisher, received_at, sent_at, spec, sdk, client, context },
    // JSON has no undefined: what is falsy is left out.
    dropped: dropped || undefined,
    upcast_from: upcast_from || undefined,
  }
  const rest = `,${JSON.stringify(around).slice(1)}\n`
  let flat: FlatEvent[] | undefined
  return events.map((event, index) => {
    if (!isAmbiguous(event)) return `${JSON.stringify(event).slice(0, -1)}${rest}`
    flat ??= flattenRecord(record)
    return `${JSON.stringify(flat[index])}\n`
  })
}
