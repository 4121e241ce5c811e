import type { RequestFacts } from '../observe/observer.ts'
import type { ReadBatch } from '../request/readBatches.ts'
import type { Receipt } from './toResponse.ts'

/** How many rejections an answer lists. */
const MAX_LISTED = 500

/** Says of each batch what became of it, and counts the same in the request's facts. */
export const toReceipt = (batches: readonly ReadBatch[], facts: RequestFacts): Receipt => {
  const rejected: Receipt['rejected'] = []
  let rejections = 0
  const reject = (events: number, rejection: Receipt['rejected'][number]) => {
    rejections++
    facts.rejected[rejection.code] = (facts.rejected[rejection.code] ?? 0) + events
    if (rejected.length < MAX_LISTED) rejected.push(rejection)
  }
  for (const read of batches) {
    facts.batches++
    if (read.ok) {
      facts.accepted += read.batch.events.length
      facts.unknownEvents += read.unknown.events
      facts.unknownFields += read.unknown.fields
      for (const rejection of read.rejected) reject(1, { batch: read.index, ...rejection })
    } else {
      const events = (read.input as { events?: unknown } | undefined | null)?.events
      const lost = Array.isArray(events) ? Math.max(1, events.length) : 1
      reject(lost, { batch: read.index, index: null, seq: null, ...read.rejection })
    }
  }
  const omitted = rejections - rejected.length
  return {
    accepted: facts.accepted,
    rejected,
    ...(omitted > 0 && { omitted }),
    ...(facts.sampledOut > 0 && { sampled_out: facts.sampledOut }),
  }
}
