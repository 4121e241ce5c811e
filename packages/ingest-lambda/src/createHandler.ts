import type { Quarantine } from '@viewbeat/schema'
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda'
import { describeClient } from './enrich/describeClient.ts'
import { admit, type KeyBook } from './keys/keyBook.ts'
import { toEntry, toUnreadableEntry } from './quarantine/toEntries.ts'
import { type OutgoingRecord, toRecord } from './records/toRecord.ts'
import { decodeBody } from './request/decodeBody.ts'
import { type ReadBatch, readBatches } from './request/readBatches.ts'
import { type Receipt, toResponse } from './response/toResponse.ts'

/** What the ingest needs of the world. */
export interface IngestDependencies {
  keys: KeyBook
  /** Resolves when every record is on the stream; rejects when one is not. */
  putRecords: (records: readonly OutgoingRecord[]) => Promise<void>
  quarantine: Quarantine
  /** Epoch ms. */
  now: () => number
  /** One structured line; never holds a payload or an address. */
  log: (entry: Record<string, string | number>) => void
}

/** Answers an HTTP API request (payload format 2.0). */
export type IngestHandler = (event: APIGatewayProxyEventV2) => Promise<APIGatewayProxyStructuredResultV2>

/** How long a sender should wait when nothing could be stored, seconds. */
const RETRY_AFTER_S = 5

/** How many rejections an answer lists. */
const MAX_LISTED = 500

const sumOf = (batches: ReadBatch[], count: (read: ReadBatch & { ok: true }) => number) =>
  batches.reduce((sum, read) => sum + (read.ok ? count(read) : 0), 0)

const isRetired = (read: ReadBatch) => !read.ok && read.rejection.code === 'retired_major'

const toReceipt = (batches: ReadBatch[]): Receipt => {
  const rejected = batches.flatMap((read): Receipt['rejected'] =>
    read.ok
      ? read.rejected.map((rejection) => ({ batch: read.index, ...rejection }))
      : [{ batch: read.index, index: null, seq: null, ...read.rejection }],
  )
  const omitted = rejected.length - MAX_LISTED
  return {
    accepted: sumOf(batches, ({ batch }) => batch.events.length),
    rejected: rejected.slice(0, MAX_LISTED),
    ...(omitted > 0 && { omitted }),
  }
}

/**
 * The ingest: decodes a request, checks its batches, enriches the good events and puts them on the stream, the bad ones
 * into quarantine, and answers 202 only when both are safe.
 */
export const createHandler = ({
  keys,
  putRecords,
  quarantine,
  now,
  log,
}: IngestDependencies): IngestHandler => {
  const collect = async (event: APIGatewayProxyEventV2) => {
    const admitted = admit(keys, event.queryStringParameters?.key, event.headers.origin)
    if (!admitted.ok) return toResponse(admitted.status, { message: admitted.message })
    const around = { received_at: now(), publisher: admitted.publisher }

    const refuseUnreadable = async (message: string, raw: Buffer) => {
      await quarantine.put([toUnreadableEntry(raw, message, around)])
      return toResponse(400, { message })
    }
    const body = decodeBody(event.body, event.isBase64Encoded)
    if (!body.ok && body.status === 413) return toResponse(413, { message: body.message })
    if (!body.ok) return refuseUnreadable(body.message, body.raw)
    const read = readBatches(body.bytes.toString('utf8'))
    if (!read) return refuseUnreadable('Body is neither one batch as JSON nor NDJSON of batches', body.bytes)

    const client = describeClient(event.requestContext.http.sourceIp, event.headers)
    const records: OutgoingRecord[] = []
    const batches = read.map((batch): ReadBatch => {
      if (!batch.ok || batch.batch.events.length === 0) return batch
      const made = toRecord(batch.batch, { ...around, client })
      if (!made.ok) return { index: batch.index, input: batch.input, line: batch.line, ...made }
      records.push(made.record)
      return batch
    })
    const entries = batches.map((batch) => toEntry(batch, around)).filter((entry) => entry !== undefined)

    // Records first: if the second fails all is sent again, and stores drop copies of events; quarantine does not.
    if (records.length > 0) await putRecords(records)
    if (entries.length > 0) await quarantine.put(entries)
    const receipt = toReceipt(batches)
    log({
      message: 'collected',
      publisher: around.publisher,
      batches: batches.length,
      accepted: receipt.accepted,
      rejected: receipt.rejected.length + (receipt.omitted ?? 0),
      unknown_events: sumOf(batches, ({ unknown }) => unknown.events),
      unknown_fields: sumOf(batches, ({ unknown }) => unknown.fields),
    })
    if (batches.every(isRetired))
      return toResponse(410, { message: 'Wire version retired: update the producer' })
    return toResponse(202, receipt)
  }

  return async (event) => {
    const { method, path } = event.requestContext.http
    if (method === 'OPTIONS') return toResponse(204)
    if (method === 'GET' && path === '/v1/health') return toResponse(200, { message: 'ok' })
    if (path !== '/v1/events') return toResponse(404, { message: 'Not found: post batches to /v1/events' })
    if (method !== 'POST') return toResponse(405, { message: 'Use POST' }, { allow: 'POST, OPTIONS' })
    try {
      return await collect(event)
    } catch (error) {
      log({ message: 'unavailable', error: (error as Error).name, reason: (error as Error).message })
      const retryAfter = { 'retry-after': String(RETRY_AFTER_S) }
      return toResponse(503, { message: 'Not all of it was stored: keep it and send it again' }, retryAfter)
    }
  }
}
