import { type FlatEvent, MAX_EVENTS_PER_BATCH, type PlayerEvent, type StreamRecord } from '@viewbeat/schema'

/** A flat event as the record that would hold it alone. */
const toRecord = (flat: FlatEvent): StreamRecord => {
  const {
    view_id,
    visit_id,
    publisher,
    received_at,
    sent_at,
    spec,
    sdk,
    client,
    context,
    dropped,
    upcast_from,
    ...event
  } = flat
  const header = { spec, sdk, visit_id, view_id, sent_at, context }
  return {
    v: 1,
    received_at,
    publisher,
    client,
    batch: {
      ...header,
      ...(dropped && { dropped }),
      ...(upcast_from && { upcast_from }),
      events: [event as PlayerEvent],
    },
  }
}

/** All of a record but its events, as text. */
const aroundOf = ({ batch, ...header }: StreamRecord) =>
  JSON.stringify({ ...header, ...batch, events: undefined })

/**
 * Puts flat events together again as the records that they came in: the inverse of `flattenRecord` for lines in the order
 * in which they were archived. Flattened, the records give the same events in the same order.
 */
export async function* unflatten(
  events: AsyncIterable<FlatEvent> | Iterable<FlatEvent>,
): AsyncGenerator<StreamRecord> {
  let begun: { record: StreamRecord; around: string } | undefined
  for await (const event of events) {
    const record = toRecord(event)
    const around = aroundOf(record)
    const held = begun?.record.batch.events
    // The same record may be archived twice in a row: then its numbers begin anew.
    const goesOn =
      held && begun!.around === around && held.at(-1)!.seq < event.seq && held.length < MAX_EVENTS_PER_BATCH
    if (goesOn) held.push(record.batch.events[0]!)
    else {
      if (begun) yield begun.record
      begun = { record, around }
    }
  }
  if (begun) yield begun.record
}
