import type { OutgoingRecord, Put } from '@viewbeat/ingest-lambda'

/** How long the sinks have to find records that the stream still has, ms: what they are done with need not be put again. */
const GRACE_MS = 2000

/** How long one call may be tried, ms. */
const PATIENCE_MS = 10_000

/** How long it rests when the stream does not take a call, ms. */
const REST_MS = 1000

/**
 * Most that one call holds. kinesis-local takes about a microsecond a byte: a call that does not end before its timeout
 * would be made for ever, and leave a copy each time.
 */
const CALL = { records: 50, bytes: 128 * 1024 }

const firstCall = (records: readonly OutgoingRecord[]): OutgoingRecord[] => {
  let bytes = 0
  const end = records.findIndex(({ data }, index) => {
    bytes += data.length
    return index > 0 && (index === CALL.records || bytes > CALL.bytes)
  })
  return records.slice(0, end === -1 ? records.length : end)
}

/**
 * Puts what an earlier run left in the journal on the stream again, call by call, until all of it is there or done, or
 * `signal` says stop.
 */
export const putAgain = async ({
  unsettled,
  put,
  now,
  sleep,
  log,
  signal,
}: {
  /** What is left by now. */
  unsettled: () => readonly OutgoingRecord[]
  put: Put<OutgoingRecord>
  /** Epoch ms. */
  now: () => number
  /** Resolves after so many ms, or when the signal says stop. */
  sleep: (ms: number, signal?: AbortSignal) => Promise<void>
  log: (message: string) => void
  signal: AbortSignal
}): Promise<void> => {
  if (unsettled().length > 0) await sleep(GRACE_MS, signal)
  const isThere = new Set<OutgoingRecord>()
  while (!signal.aborted) {
    const waiting = unsettled().filter((record) => !isThere.has(record))
    if (waiting.length === 0) break
    const call = firstCall(waiting)
    const { left, cause } = await put(call, now() + PATIENCE_MS)
    for (const record of call) if (!left.includes(record)) isThere.add(record)
    if (left.length === 0) continue
    log(`journal: the stream does not take ${waiting.length} records of an earlier run yet: ${cause}`)
    await sleep(REST_MS, signal)
  }
}
