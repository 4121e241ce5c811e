/** The distinct events of a view by `seq`, which may come in any order and repeat. */
export const inOrder = <E extends { seq: number }>(events: Iterable<E>): E[] => {
  const bySeq = new Map<number, E>()
  for (const event of events) if (!bySeq.has(event.seq)) bySeq.set(event.seq, event)
  return [...bySeq.values()].sort((a, b) => a.seq - b.seq)
}
