import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { carriesTotals, closeIfSilent, foldView, SILENCE_MS } from '@viewbeat/qoe'
import type { FlatEvent, Quarantine, QuarantineEntry, ViewRecord } from '@viewbeat/schema'
import { TABLES } from './tables.ts'

/** An event as stored: with the server's clock when its row was written. */
export type StoredEvent = FlatEvent & { stored_at: number }

/** One view's rows: its record, its events in order, and what became of the rest of its events. */
export interface StoredView {
  view: ViewRecord
  events: StoredEvent[]
  /** What was refused of it and never came right, by its numbers. */
  refused: RefusedEvent[]
  accounting: { delivered: number; quarantined: number; dropped: number }
}

/** An event that was refused, or a whole batch of which no number could be read, and why. */
export interface RefusedEvent {
  seq: number | null
  stage: string
  code: string
  path: string
  message: string
  received_at: number
}

/** The embedded store: events and view records in one DuckDB file. */
export interface Store {
  /**
   * Writes events and the records of their views, all of them or none. Idempotent on (`view_id`, `seq`); of two records of a
   * view the one that knows more stays. Writes that wait for one another share a transaction.
   */
  write(events: FlatEvent[]): Promise<void>
  /** The views heard of last, the last first: by the server's clock, because the devices' may be years off. */
  listViews(limit: number): Promise<ViewRecord[]>
  readView(viewId: string): Promise<StoredView | undefined>
  /** Gives outcome `timeout` to open views that have been silent for too long. */
  closeSilentViews(): Promise<void>
  /** Notes refused events, so that a view's account adds up. */
  quarantine: Quarantine
  close(): Promise<void>
}

const INSERT_EVENTS = `
  INSERT INTO events
  SELECT e->>'$.view_id', (e->>'$.seq')::BIGINT, e->>'$.type', e->>'$.state', epoch_ms((e->>'$.ts')::BIGINT),
         (e->>'$.t_ms')::BIGINT, (e->>'$.playhead_ms')::BIGINT, e->>'$.publisher',
         epoch_ms((e->>'$.received_at')::BIGINT), epoch_ms($2::BIGINT), e
  FROM (SELECT unnest(from_json($1::JSON, '["JSON"]')) AS e)
  ON CONFLICT DO NOTHING`

// Of two records the one that knows more, as `mergeViews` has it; what is counted is counted from all that is stored.
const UPSERT_VIEWS = `
  INSERT INTO views
  SELECT v->>'$.view_id', (v->>'$.seq')::BIGINT, v->>'$.publisher', v->>'$.context.content.id',
         epoch_ms((v->>'$.started_at')::BIGINT), epoch_ms((v->>'$.received_at')::BIGINT), v->>'$.state', v->>'$.outcome',
         (v->>'$.startup_ms')::BIGINT, (v->>'$.playing_ms')::BIGINT, (v->>'$.rebuffering_ms')::BIGINT,
         (v->>'$.rebuffer_count')::BIGINT, (v->>'$.rebuffer_ratio')::DOUBLE, v
  FROM (SELECT unnest(from_json($1::JSON, '["JSON"]')) AS v)
  ON CONFLICT (view_id) DO UPDATE SET
    seq = excluded.seq, received_at = excluded.received_at, content_id = excluded.content_id, state = excluded.state,
    outcome = excluded.outcome, startup_ms = excluded.startup_ms, playing_ms = excluded.playing_ms,
    rebuffering_ms = excluded.rebuffering_ms, rebuffer_count = excluded.rebuffer_count,
    rebuffer_ratio = excluded.rebuffer_ratio, record = excluded.record
  WHERE CASE
    WHEN excluded.record->>'$.basis' = 'events' THEN views.record->>'$.basis' = 'events'
    WHEN views.record->>'$.basis' = 'events' THEN true
    WHEN excluded.seq = views.seq THEN excluded.received_at < views.received_at
    ELSE excluded.seq > views.seq END`

/** The events of a view, in order, as a list. */
const EVENTS = `
  SELECT list({event: event, stored_at: epoch_ms(stored_at)::DOUBLE} ORDER BY seq) AS events
  FROM events WHERE view_id = $1`

/** What was refused of a view and is not among its events, as a list. */
const REFUSED = `
  SELECT list(refused ORDER BY refused) FROM (
    SELECT DISTINCT {seq: seq::DOUBLE, stage: stage, code: code, path: path, message: message,
      received_at: epoch_ms(received_at)::DOUBLE} AS refused
    FROM quarantined WHERE view_id = $1 AND (seq IS NULL OR seq NOT IN (SELECT seq FROM events WHERE view_id = $1)))`

/** A view, its events and what was refused in one statement, so that they are of one moment. */
const READ_VIEW = `SELECT record, (${EVENTS}) AS events, (${REFUSED}) AS refused FROM views WHERE view_id = $1`

const INSERT_QUARANTINED = `
  INSERT INTO quarantined
  SELECT q->>'$.view_id', (q->>'$.seq')::BIGINT, q->>'$.code', q->>'$.path', q->>'$.message',
         epoch_ms((q->>'$.received_at')::BIGINT), q->>'$.stage'
  FROM (SELECT unnest(from_json($1::JSON, '["JSON"]')) AS q)`

/** One row per identity, the first: DuckDB refuses a statement that touches a row twice. */
const distinct = (events: FlatEvent[]): FlatEvent[] => {
  const byIdentity = new Map<string, FlatEvent>()
  for (const event of events) {
    const identity = `${event.view_id} ${event.seq}`
    if (!byIdentity.has(identity)) byIdentity.set(identity, event)
  }
  return [...byIdentity.values()]
}

const byView = (events: FlatEvent[]) => {
  const views = new Map<string, FlatEvent[]>()
  for (const event of events) {
    const known = views.get(event.view_id)
    if (known) known.push(event)
    else views.set(event.view_id, [event])
  }
  return views
}

/** A row for each refused event whose number is known; else one for the entry, so that it is seen at all. */
const toRefusedRows = ({ rejections, seqs, view_id, received_at, stage }: QuarantineEntry) => {
  const [whole] = rejections
  const rows = seqs?.length ? seqs.map((seq) => ({ ...whole, seq })) : rejections
  return rows.map((row) => ({ ...row, view_id, received_at, stage }))
}

interface Waiting {
  events: FlatEvent[]
  done: () => void
  fail: (cause: unknown) => void
}

/** The most events that share a commit. */
const MAX_EVENTS_TOGETHER = 5000

/** Takes what may share a commit from the front: one at least. */
const takeSome = (waiting: Waiting[]): Waiting[] => {
  let events = 0
  const end = waiting.findIndex((one, place) => {
    events += one.events.length
    return place > 0 && events > MAX_EVENTS_TOGETHER
  })
  return waiting.splice(0, end === -1 ? waiting.length : end)
}

/**
 * Opens the store in a DuckDB file, made if it is not there. One writer at a time; readers see whole writes.
 * https://duckdb.org/docs/stable/connect/concurrency
 */
export const openStore = async (path: string, now: () => number = Date.now): Promise<Store> => {
  const instance = await DuckDBInstance.create(path)
  const writer = await instance.connect()
  const reader = await instance.connect()
  await writer.run(TABLES)

  let last: Promise<unknown> = Promise.resolve()
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = last.then(work)
    last = turn.catch(() => {})
    return turn
  }
  const transact = async (write: (connection: DuckDBConnection) => Promise<unknown>): Promise<void> => {
    await writer.run('BEGIN')
    try {
      await write(writer)
      await writer.run('COMMIT')
    } catch (error) {
      await writer.run('ROLLBACK')
      throw error
    }
  }
  const rows = async (sql: string, values: (string | number)[], connection = reader) =>
    (await connection.runAndReadAll(sql, values)).getRowObjectsJS()
  const toEvents = (found: unknown): StoredEvent[] =>
    ((found ?? []) as { event: string; stored_at: number }[]).map(({ event, stored_at }) => ({
      ...JSON.parse(event),
      stored_at,
    }))
  const eventsOf = async (connection: DuckDBConnection, viewId: string): Promise<StoredEvent[]> => {
    const [found] = await rows(EVENTS, [viewId], connection)
    return toEvents(found?.events)
  }
  const toView = (row: Record<string, unknown>) =>
    closeIfSilent(JSON.parse(row.record as string) as ViewRecord, now())

  const writeEvents = (events: FlatEvent[]) =>
    transact(async (connection) => {
      await connection.run(INSERT_EVENTS, [JSON.stringify(distinct(events)), now()])
      const views = [...byView(events)].map(async ([viewId, ofView]) =>
        // Without totals among them these events say little of the view: then all that is stored of it is folded.
        foldView(ofView.some(carriesTotals) ? ofView : await eventsOf(connection, viewId)),
      )
      await connection.run(UPSERT_VIEWS, [JSON.stringify(await Promise.all(views))])
    })

  /** What waits for the writer. A commit costs as much as some hundred events, so all of it shares one. */
  const waiting: Waiting[] = []
  const writeWaiting = async () => {
    const together = takeSome(waiting)
    try {
      await writeEvents(together.flatMap(({ events }) => events))
      for (const { done } of together) done()
    } catch (cause) {
      if (together.length === 1) return together[0]!.fail(cause)
      // One of them is at fault, and not the others.
      for (const { events, done, fail } of together) await writeEvents(events).then(done, fail)
    }
  }

  return {
    write: (events) =>
      new Promise<void>((done, fail) => {
        waiting.push({ events, done, fail })
        void inTurn(async () => {
          if (waiting.length > 0) await writeWaiting()
        })
      }),

    listViews: async (limit) =>
      (await rows('SELECT record FROM views ORDER BY received_at DESC, view_id DESC LIMIT $1', [limit])).map(
        toView,
      ),

    async readView(viewId) {
      const [found] = await rows(READ_VIEW, [viewId])
      if (!found) return undefined
      const view = toView(found)
      const events = toEvents(found.events)
      const dropped = Object.values(view.dropped).reduce((sum, events) => sum + events, 0)
      const refused = (found.refused ?? []) as unknown as RefusedEvent[]
      const quarantined = new Set(refused.flatMap(({ seq }) => seq ?? [])).size
      return { view, events, refused, accounting: { delivered: events.length, quarantined, dropped } }
    },

    closeSilentViews: () =>
      inTurn(() =>
        transact((connection) =>
          connection.run(
            `UPDATE views SET outcome = 'timeout', record = json_merge_patch(record, '{"outcome":"timeout"}')
           WHERE outcome = 'open' AND received_at < epoch_ms($1::BIGINT)`,
            [now() - SILENCE_MS],
          ),
        ),
      ),

    quarantine: {
      put: (entries) =>
        inTurn(() =>
          transact((connection) => {
            const refused = entries.flatMap(toRefusedRows)
            return connection.run(INSERT_QUARANTINED, [JSON.stringify(refused)])
          }),
        ),
    },

    async close() {
      await last
      reader.closeSync()
      writer.closeSync()
      instance.closeSync()
    },
  }
}
