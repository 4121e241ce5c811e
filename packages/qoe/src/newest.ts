/** What of a view has a number, and came at some time. */
interface Versioned {
  seq: number
  received_at: number
}

/** Of two copies of one number: the one that came first, else by their text, so that the order they are read in does not matter. */
const isBefore = (a: Versioned, b: Versioned) =>
  a.received_at !== b.received_at ? a.received_at < b.received_at : JSON.stringify(a) < JSON.stringify(b)

/** The better of two copies that have the same number. */
export const chooseCopy = <T extends Versioned>(a: T, b: T): T => (isBefore(b, a) ? b : a)

/** The newer of two by their numbers. */
export const chooseNewer = <T extends Versioned>(a: T, b: T): T =>
  a.seq === b.seq ? chooseCopy(a, b) : a.seq > b.seq ? a : b
