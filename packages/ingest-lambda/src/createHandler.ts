import type { Batch, Quarantine } from '@viewbeat/schema'
import type { Context } from 'aws-lambda'
import type { Put, PutResult } from './aws/putInCalls.ts'
import { describeClient } from './enrich/describeClient.ts'
import { UnavailableError } from './errors.ts'
import { admit } from './keys/admit.ts'
import type { KeySource } from './keys/createKeySource.ts'
import { createQuotas } from './keys/createQuotas.ts'
import type { KeyEntry } from './keys/keyBook.ts'
import { createDropLedger } from './observe/createDropLedger.ts'
import { noFacts, type Observer, type RequestFacts } from './observe/observer.ts'
import { toEntry, toUnreadableEntry } from './quarantine/toEntries.ts'
import { isSampled } from './records/isSampled.ts'
import { type OutgoingRecord, toRecord } from './records/toRecord.ts'
import { decodeBody } from './request/decodeBody.ts'
import { type ReadBatch, readBatches } from './request/readBatches.ts'
import { readCmcd } from './request/readCmcd.ts'
import { type GatewayEvent, type IngestRequest, readRequest } from './request/readRequest.ts'
import { toReceipt } from './response/toReceipt.ts'
import { type GatewayAnswer, toResponse } from './response/toResponse.ts'
import type { Spill } from './spill/createSpill.ts'

/** What the ingest needs of the world. */
export interface IngestDependencies {
  keys: KeySource
  putRecords: Put<OutgoingRecord>
  /** Where records wait that the stream does not take; without it the sender has to keep them. */
  spill?: Spill | undefined
  quarantine: Quarantine
  observer: Observer
  /** Epoch ms. */
  now: () => number
  /** A header that holds the viewer's address, where what stands in front of the gateway writes it. */
  ipHeader?: string | undefined
}

/** Answers a request of an HTTP API, a function URL, a REST API or a load balancer. Never rejects. */
export type IngestHandler = (
  event: GatewayEvent,
  context?: Pick<Context, 'getRemainingTimeInMillis'>,
) => Promise<GatewayAnswer>

/** How long a sender should wait when nothing could be stored, or when its quota is used up, seconds. */
const RETRY_AFTER_S = 5

/** What of the time is kept for the spill, the quarantine and the answer, ms. */
const RESERVE_MS = 8000

/** How long the stream is tried, ms: a throttled shard takes more within a second or two. */
const PATIENCE_MS = 6000

const READERS: Record<string, (text: string, raw: () => Buffer) => ReadBatch[] | undefined> = {
  events: readBatches,
  cmcd: readCmcd,
}

const isRetired = (read: ReadBatch) => !read.ok && read.rejection.code === 'retired_major'

/** The batch as it is stored: it says what the sender's browser says, and how few of its views are kept. */
const amend = (batch: Batch, gpc: boolean, rate: number): Batch => {
  const { context } = batch
  if (rate === 1 && (!gpc || context.gpc)) return batch
  const sample_rate = rate < 1 ? (context.sample_rate ?? 1) * rate : context.sample_rate
  return {
    ...batch,
    context: { ...context, ...(gpc && { gpc }), ...(sample_rate !== undefined && { sample_rate }) },
  }
}

/**
 * The ingest: admits a request by its key, decodes it, checks its batches, puts the good events on the stream and the bad
 * ones into quarantine, and answers 202 only when both are safe. What the stream does not take in time is spilled.
 */
export const createHandler = ({
  keys,
  putRecords,
  spill,
  quarantine,
  observer,
  now,
  ipHeader,
}: IngestDependencies): IngestHandler => {
  const quotas = createQuotas(now)
  const newlyDropped = createDropLedger()

  /** Resolves when every record is safe, on the stream or in the spill. */
  const store = async (records: OutgoingRecord[], deadline: number, facts: RequestFacts) => {
    const { left, retried, cause }: PutResult<OutgoingRecord> = await putRecords(records, deadline)
    facts.retried = retried
    if (left.length === 0) return
    facts.failed.push('stream')
    facts.reason = (cause as Error | undefined)?.message ?? String(cause)
    if (!spill)
      throw new UnavailableError(`${left.length} of ${records.length} records not taken by the stream`)
    try {
      await spill(left)
      facts.spilled = left.length
    } catch (error) {
      facts.failed.push('spill')
      facts.reason += `; spill: ${(error as Error).message}`
      throw error
    }
  }

  const keep = async (entries: Parameters<Quarantine['put']>[0], facts: RequestFacts) => {
    try {
      await quarantine.put(entries)
      facts.quarantined = entries.length
    } catch (error) {
      facts.failed.push('quarantine')
      const { message, cause } = error as Error
      facts.reason = cause === undefined ? message : `${message}: ${(cause as Error).message ?? cause}`
      throw error
    }
  }

  const collect = async (
    request: IngestRequest,
    { publisher, sample_rate: rate = 1 }: KeyEntry,
    deadline: number,
    facts: RequestFacts,
  ): Promise<GatewayAnswer> => {
    const around = { received_at: now(), publisher }
    const refuseUnreadable = async (message: string, raw: Buffer) => {
      facts.rejected.unreadable = 1
      await keep([toUnreadableEntry(raw, message, around)], facts)
      return toResponse(request, 400, { message })
    }
    const body = decodeBody(request.body, request.isBase64)
    if (!body.ok && body.status === 413) return toResponse(request, 413, { message: body.message })
    if (!body.ok) return refuseUnreadable(body.message, body.raw())
    const read = READERS[request.route]!(body.text, body.raw)
    if (!read)
      return refuseUnreadable(
        request.route === 'cmcd'
          ? 'Body is no CMCD version 2 in event mode'
          : 'Body is neither one batch as JSON nor NDJSON of batches',
        body.raw(),
      )

    const { headers } = request
    const client = describeClient((ipHeader && headers[ipHeader]) || request.sourceIp, headers)
    const gpc = headers['sec-gpc'] === '1'
    const records: OutgoingRecord[] = []
    const batches = read.map((read): ReadBatch => {
      if (!read.ok) return read
      const { batch } = read
      facts.skews_ms.push(Math.abs(around.received_at - batch.sent_at))
      facts.dropped.push(...newlyDropped(batch))
      if (rate < 1 && !isSampled(batch.view_id, rate)) {
        facts.sampledOut += batch.events.length + read.rejected.length
        return { ...read, batch: { ...batch, events: [] }, rejected: [] }
      }
      if (batch.events.length === 0) return read
      const made = toRecord(amend(batch, gpc, rate), { ...around, client })
      if (!made.ok) return { index: read.index, input: read.input, bytes: read.bytes, ...made }
      records.push(made.record)
      return read
    })
    const entries = batches.map((batch) => toEntry(batch, around)).filter((entry) => entry !== undefined)
    const events = batches.reduce((sum, read) => sum + (read.ok ? read.batch.events.length : 1), 0)
    quotas.take(request.key!, Math.max(0, events - 1))

    // Records first: if the second fails all is sent again, and stores drop copies of events; quarantine does not.
    if (records.length > 0) await store(records, deadline, facts)
    if (entries.length > 0) await keep(entries, facts)
    const receipt = toReceipt(batches, facts)
    if (batches.every(isRetired))
      return toResponse(request, 410, { message: 'Wire version retired: update the producer' })
    return toResponse(request, 202, receipt)
  }

  const answer = async (
    request: IngestRequest,
    deadline: number,
    facts: RequestFacts,
  ): Promise<GatewayAnswer> => {
    const { method, route } = request
    const later = { 'retry-after': String(RETRY_AFTER_S) }
    if (method === 'OPTIONS') return toResponse(request, 204)
    if (method === 'GET' && route === 'health') return toResponse(request, 200, { message: 'ok' })
    if (!Object.hasOwn(READERS, route))
      return toResponse(request, 404, {
        message: 'Not found: post batches to /v1/events, or CMCD to /v1/cmcd',
      })
    if (method !== 'POST')
      return toResponse(request, 405, { message: 'Use POST' }, { allow: 'POST, OPTIONS' })
    try {
      const book = keys()
      const admitted = admit(book instanceof Promise ? await book : book, request.key, request.headers.origin)
      if (!admitted.ok)
        return toResponse(
          request,
          admitted.status,
          { message: admitted.message },
          admitted.status === 503 ? later : {},
        )
      const { entry } = admitted
      facts.publisher = entry.publisher
      const quota = entry.quota_events_per_s
      if (quota !== undefined && !quotas.has(request.key!, quota))
        return toResponse(request, 429, { message: `Over the quota of ${quota} events a second` }, later)
      // A body that holds nothing counts too.
      quotas.take(request.key!, 1)
      return await collect(request, entry, deadline, facts)
    } catch (error) {
      if (facts.failed.length === 0) facts.failed.push('other')
      facts.reason ??= (error as Error).message
      return toResponse(
        request,
        503,
        { message: 'Not all of it was stored: keep it and send it again' },
        later,
      )
    }
  }

  return async (event, context) => {
    const began = now()
    const left = context?.getRemainingTimeInMillis() ?? Number.POSITIVE_INFINITY
    const request = readRequest(event)
    const facts = noFacts(request.id)
    facts.bytes = request.body?.length ?? 0
    const answered = await answer(request, began + Math.min(PATIENCE_MS, left - RESERVE_MS), facts)
    facts.status = answered.statusCode
    facts.duration_ms = now() - began
    observer.answered(facts)
    return answered
  }
}
