import type { ShardItem } from './shardReader.ts'

/**
 * How far a shard is done when its records are done out of order: the checkpoint is the last record before the first one
 * that is not done, so that nothing behind it is forgotten.
 */
export const createProgress = () => {
  let open: { item: ShardItem; isDone: boolean }[] = []
  const byNumber = new Map<string, { isDone: boolean }>()
  return {
    /** Records that were read, in their order. */
    begin(items: readonly ShardItem[]) {
      for (const item of items) {
        const entry = { item, isDone: false }
        open.push(entry)
        byNumber.set(item.sequenceNumber, entry)
      }
    },
    /** Records that are done; answers the record that is the new checkpoint if it has moved. */
    finish(items: readonly ShardItem[]): ShardItem | undefined {
      for (const { sequenceNumber } of items) {
        const entry = byNumber.get(sequenceNumber)
        if (entry) entry.isDone = true
      }
      const found = open.findIndex(({ isDone }) => !isDone)
      const count = found === -1 ? open.length : found
      const checkpoint = open[count - 1]?.item
      for (const { item } of open.slice(0, count)) byNumber.delete(item.sequenceNumber)
      open = open.slice(count)
      return checkpoint
    },
  }
}
