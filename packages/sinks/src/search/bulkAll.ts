import { type BulkItem, type BulkOperation, type SearchIndex, SearchIndexError } from './searchIndex.ts'
import { type Patience, tryUntil } from './tryUntil.ts'

/** What became of operations. */
export interface BulkOutcome {
  /** For each operation what the store said at last; undefined when it may not be stored. */
  items: (BulkItem | undefined)[]
  /** How often the store asked to come again later, one for each operation. */
  rejections: number
  /** Why the last of them was not stored, in names: never a value. */
  reason?: string
}

/** https://docs.opensearch.org/latest/tuning-your-cluster/performance/#bulk-request-size: 5 to 15 MiB */
const MAX_CALL_BYTES = 5 * 1024 * 1024
const MAX_CALL_OPERATIONS = 2000

/** What the line above a document takes at most, but for its id. */
const ACTION_BYTES = 150

/** How many calls are under way at once. */
const CALLS_AT_ONCE = 4

/**
 * 400s that say something of the cluster: no shard is left for the day's index, or somebody closed it. OpenSearch answers them
 * for each document: https://github.com/opensearch-project/OpenSearch/blob/main/server/src/main/java/org/opensearch/indices/ShardLimitValidator.java
 */
const OF_THE_CLUSTER: ReadonlySet<string | undefined> = new Set([
  'validation_exception',
  'index_closed_exception',
])

/** Whether the store will never take it. What an operator can mend (401, 403, 404, a full cluster) is no fault of the document. */
export const isRefused = ({ status, type }: BulkItem) =>
  status === 413 || (status === 400 && !OF_THE_CLUSTER.has(type))

/** Whether it is safe: stored now, or it was there already, or something newer is. */
export const isStored = ({ status }: BulkItem) => (status >= 200 && status < 300) || status === 409

/** What the store calls a fault. */
export const nameOf = ({ status, type }: BulkItem) => type ?? String(status)

const sizeOf = ({ id, document }: BulkOperation) =>
  ACTION_BYTES + Buffer.byteLength(id) + Buffer.byteLength(document)

const splitCalls = (numbers: readonly number[], sizes: readonly number[], maxBytes: number): number[][] => {
  const calls: number[][] = []
  let bytes = Number.POSITIVE_INFINITY
  for (const number of numbers) {
    bytes += sizes[number]!
    if (bytes > maxBytes || calls.at(-1)!.length === MAX_CALL_OPERATIONS) {
      calls.push([])
      bytes = sizes[number]!
    }
    calls.at(-1)!.push(number)
  }
  return calls
}

/**
 * Writes operations in as many calls as they need, and reads the answer item by item: only what may work later goes
 * again, until the deadline (epoch ms). Never rejects.
 */
export const bulkAll = async (
  index: Pick<SearchIndex, 'bulk'>,
  operations: readonly BulkOperation[],
  deadline: number,
  patience: Patience,
): Promise<BulkOutcome> => {
  const items: BulkOutcome['items'] = operations.map(() => undefined)
  const sizes = operations.map(sizeOf)
  let left = operations.map((_, number) => number)
  let maxBytes = MAX_CALL_BYTES
  let rejections = 0
  let reason: string | undefined

  const settle = (number: number, item: BulkItem) => {
    if (isStored(item) || isRefused(item)) items[number] = item
    else {
      rejections++
      reason = `${item.status} ${item.type ?? ''}`.trim()
    }
  }
  const call = async (numbers: number[], timeoutMs: number) => {
    try {
      const answers = await index.bulk(
        numbers.map((number) => operations[number]!),
        timeoutMs,
      )
      if (answers.length !== numbers.length)
        throw new Error('The answer does not account for every operation')
      for (const [place, number] of numbers.entries()) settle(number, answers[place]!)
    } catch (error) {
      reason = String((error as Error)?.message ?? error)
      if (!(error instanceof SearchIndexError) || error.status !== 413) rejections += numbers.length
      else if (numbers.length === 1) settle(numbers[0]!, { status: 413, type: 'request_too_large' })
      else maxBytes = Math.min(maxBytes, numbers.reduce((sum, number) => sum + sizes[number]!, 0) / 2)
    }
  }
  const isDone = await tryUntil(
    async (timeout) => {
      const calls = splitCalls(left, sizes, maxBytes)
      while (calls.length > 0)
        await Promise.all(calls.splice(0, CALLS_AT_ONCE).map((numbers) => call(numbers, timeout())))
      left = left.filter((number) => items[number] === undefined)
      return left.length === 0
    },
    deadline,
    patience,
  )
  return { items, rejections, ...(!isDone && { reason: reason ?? 'no time left' }) }
}
