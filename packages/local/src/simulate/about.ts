import type { About } from './createChronicle.ts'

/** The numbers of numbers in order, as people write them: `3-7, 9`. */
export const printSeqs = (seqs: readonly number[]): string => {
  const runs: [number, number][] = []
  for (const seq of [...new Set(seqs)].sort((one, other) => one - other)) {
    const last = runs.at(-1)
    if (last && last[1] + 1 === seq) last[1] = seq
    else runs.push([seq, seq])
  }
  return runs.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(', ')
}

/** Whose events a body of batches holds. */
export const aboutBody = (text: string): About => {
  const about = new Map<string, number[]>()
  for (const line of text.split('\n')) {
    try {
      const { view_id, events } = JSON.parse(line) as { view_id: string; events: { seq: number }[] }
      const seqs = events.map(({ seq }) => seq)
      about.set(view_id, [...(about.get(view_id) ?? []), ...seqs])
    } catch {
      // A scrap holds nobody's.
    }
  }
  return about
}
