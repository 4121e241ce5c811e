/** Something that happened, for a story to be told from. */
export interface Fact {
  /** ms since the seed began. */
  at: number
  text: string
  /** The fault that it was, if it was one. */
  fault?: string
  /** The events that it happened to, by their view: none, if it happened to all. */
  about?: ReadonlyMap<string, readonly number[]>
}

/** Whose events something happened to. */
export type About = ReadonlyMap<string, readonly number[]>

/** Writes down what happens, and counts the faults. */
export const createChronicle = (now: () => number) => {
  const facts: Fact[] = []
  const met: Record<string, number> = {}
  return {
    facts,
    /** How often each fault was met. */
    met,
    tell(text: string, about?: About) {
      facts.push({ at: now(), text, ...(about && { about }) })
    },
    fault(fault: string, text: string, about?: About) {
      met[fault] = (met[fault] ?? 0) + 1
      facts.push({ at: now(), text, fault, ...(about && { about }) })
    },
  }
}

/** Where what happens is written down. */
export type Chronicle = ReturnType<typeof createChronicle>
