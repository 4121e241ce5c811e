import type { Quarantine, QuarantineEntry } from '@viewbeat/schema'
import type { Context, KinesisStreamBatchResponse, KinesisStreamEvent } from 'aws-lambda'
import type { SinkObserver } from './observer.ts'
import { type PlacedRecord, readRecords } from './readRecords.ts'

/** A Lambda that consumes the stream. Never rejects: what is not safe is in its answer. */
export type Sink = (
  event: KinesisStreamEvent,
  context?: Pick<Context, 'getRemainingTimeInMillis'>,
) => Promise<KinesisStreamBatchResponse>

/** What became of records that were written: those in neither list are safe. */
export interface Written {
  /** Sequence numbers of the records that may yet be stored when they come again. */
  failed: string[]
  /** What the store refuses for good. One without a payload gets the bytes of its record, by `sequence_number`. */
  refused: QuarantineEntry[]
  /** Why, in the store's words, for the log. Never a payload. */
  reason?: string
  /** Answers of the store that asked to come again later (429, 5xx), one for each item. */
  bulkRejections?: number
}

/** Writes records; `deadline` is by the clock of `now`, epoch ms. One that rejects has stored none of them for sure. */
export type Write = (records: PlacedRecord[], deadline: number) => Promise<Written>

/** What is kept of the time for the quarantine and the answer, ms. */
const RESERVE_MS = 5000

/** What is handed to the quarantine at once, characters of base64. */
const PIECE_SIZE = 1_000_000

/** How long an invocation without a limit of its own may take, ms. */
const LONGEST_MS = 60_000

/**
 * Makes a sink from its one job, writing records. What can never be stored, bytes that are no record among it, goes to
 * quarantine and is done with; only what may yet be stored is handed back, from the lowest such record on, so that Lambda
 * hands it in again: https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-batchfailurereporting.html
 * What quarantine does not take is handed back too. Stores see records again that they have, and so does quarantine:
 * whoever reads it takes entries of one stage with the same `sequence_number` for one.
 */
export const createSink = ({
  stage,
  write,
  quarantine,
  now,
  observer,
}: {
  stage: QuarantineEntry['stage']
  write: Write
  quarantine: Quarantine
  /** Epoch ms. */
  now: () => number
  observer?: SinkObserver | undefined
}): Sink => {
  const attempt = async (records: PlacedRecord[], deadline: number): Promise<Written> => {
    if (records.length === 0) return { failed: [], refused: [] }
    try {
      return await write(records, deadline)
    } catch (error) {
      const failed = records.map(({ sequenceNumber }) => sequenceNumber)
      return { failed, refused: [], reason: String((error as Error)?.message ?? error) }
    }
  }
  /** Those that quarantine did not take, and why. In pieces: what it took of much that is refused is not handed in again. */
  const keep = async (
    entries: QuarantineEntry[],
    deadline: number,
  ): Promise<{ notKept: QuarantineEntry[]; trouble?: string }> => {
    let kept = 0
    try {
      for (const piece of toPieces(entries)) {
        if (kept > 0 && now() >= deadline) throw new Error('no time left')
        await quarantine.put(piece)
        kept += piece.length
      }
      return { notKept: [] }
    } catch (error) {
      return {
        notKept: entries.slice(kept),
        trouble: `quarantine: ${(error as Error)?.message ?? error}`,
      }
    }
  }

  return async (event, context) => {
    const began = now()
    const remaining = context?.getRemainingTimeInMillis() ?? LONGEST_MS
    // A function with little time gives its store half of it, not none.
    const deadline = began + remaining - Math.min(RESERVE_MS, remaining / 2)
    const { records, poison } = readRecords(event, stage, began)
    const { failed, refused, reason, bulkRejections = 0 } = await attempt(records, deadline)
    const entries = inOrder([...poison, ...refused.map((entry) => withBytes(entry, event))], event)
    const { notKept, trouble } = await keep(entries, deadline)

    const isFailed = new Set<string | undefined>(failed)
    for (const { sequence_number } of notKept) isFailed.add(sequence_number)
    const handedBack = event.Records.filter(({ kinesis }) => isFailed.has(kinesis.sequenceNumber))
    // A number that is of no record here cannot be told to Lambda: then all of them come again.
    const isKnown = handedBack.length === isFailed.size
    const lowest = isKnown ? handedBack[0] : event.Records[0]
    observer?.consumed({
      records: event.Records.length,
      events: records.reduce((sum, { record }) => sum + record.batch.events.length, 0),
      poison: poison.length,
      refused: refused.length,
      failed: isKnown ? handedBack.length : event.Records.length,
      bulkRejections,
      reason: [reason, trouble].filter((why) => why !== undefined).join('; ') || undefined,
      failedFrom: lowest?.kinesis.sequenceNumber,
      quarantined: entries.map(({ sequence_number, rejections }) => ({
        sequenceNumber: sequence_number,
        code: rejections[0]?.code,
      })),
      lag_ms: records.reduce((lag, { record }) => Math.max(lag, began - record.received_at), 0),
      duration_ms: now() - began,
    })
    return {
      batchItemFailures: lowest ? [{ itemIdentifier: lowest.kinesis.sequenceNumber }] : [],
    }
  }
}

/** As their records stand in the stream. */
const inOrder = (entries: QuarantineEntry[], { Records }: KinesisStreamEvent): QuarantineEntry[] => {
  if (entries.length < 2) return entries
  const places = new Map(Records.map(({ kinesis }, place) => [kinesis.sequenceNumber, place]))
  const placeOf = ({ sequence_number = '' }: QuarantineEntry) => places.get(sequence_number) ?? -1
  return entries.toSorted((a, b) => placeOf(a) - placeOf(b))
}

/** So many at a time that a piece is about a megabyte, what a delivery stream takes in a second. */
const toPieces = (entries: QuarantineEntry[]): QuarantineEntry[][] => {
  const pieces: QuarantineEntry[][] = []
  let size = Number.POSITIVE_INFINITY
  for (const entry of entries) {
    const own = entry.body_base64?.length ?? 0
    size += own
    if (size > PIECE_SIZE) {
      pieces.push([])
      size = own
    }
    pieces.at(-1)!.push(entry)
  }
  return pieces
}

const withBytes = (entry: QuarantineEntry, { Records }: KinesisStreamEvent): QuarantineEntry => {
  if (entry.batch !== undefined || entry.body_base64 !== undefined) return entry
  const found = Records.find(({ kinesis }) => kinesis.sequenceNumber === entry.sequence_number)
  return found ? { ...entry, body_base64: found.kinesis.data } : entry
}
