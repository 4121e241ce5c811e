import { type BulkOutcome, bulkAll } from './bulkAll.ts'
import type { BulkOperation, SearchIndex } from './searchIndex.ts'
import { type Patience, tryUntil } from './tryUntil.ts'

/** The index as one invocation uses it: patient until `deadline`, epoch ms, and never rejecting. */
export const openSession = (index: SearchIndex, deadline: number, patience: Patience) => {
  let bulkRejections = 0
  let reason: string | undefined

  /** Undefined when there was no time left. */
  const read = async <T>(from: (timeoutMs: number) => Promise<T>): Promise<T | undefined> => {
    let found: T | undefined
    let trouble: string | undefined
    const attempt = async (timeout: () => number) => {
      try {
        found = await from(timeout())
        return true
      } catch (error) {
        trouble = String((error as Error)?.message ?? error)
        return false
      }
    }
    if (!(await tryUntil(attempt, deadline, patience))) reason = trouble ?? 'no time left'
    return found
  }

  return {
    /** Answers what the store said of each operation; undefined for what may not be stored. */
    async bulk(operations: readonly BulkOperation[]): Promise<BulkOutcome['items']> {
      const outcome = await bulkAll(index, operations, deadline, patience)
      bulkRejections += outcome.rejections
      reason = outcome.reason ?? reason
      return outcome.items
    },
    /** The events stored of these views, or more than `most` of them; undefined when they cannot be read. */
    eventsOf: (viewIds: readonly string[], most: number) =>
      read((timeoutMs) => index.eventsOf(viewIds, timeoutMs, most)),
    /** The records stored of these views; undefined when they cannot be read. */
    viewsOf: async (viewIds: readonly string[]) =>
      viewIds.length > 0 ? read((timeoutMs) => index.viewsOf(viewIds, timeoutMs)) : [],
    /** What went wrong on the way: how often the store asked to come again later, and why something is not stored. */
    troubles: () => ({ bulkRejections, ...(reason !== undefined && { reason }) }),
  }
}

/** The index as one invocation uses it. */
export type Session = ReturnType<typeof openSession>
