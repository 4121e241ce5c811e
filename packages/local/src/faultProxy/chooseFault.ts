import type { CallError, Fault, RecordErrorCode } from './fault.ts'

/** Which share of the calls each fault hits, from 0 to 1; together they are at most 1. */
export interface FaultRates {
  records: number
  call: number
  delay: number
  cut: number
  drop: number
}

const RECORD_ERRORS: readonly RecordErrorCode[] = [
  'InternalFailure',
  'ProvisionedThroughputExceededException',
]

const CALL_ERRORS: readonly CallError[] = [
  { status: 500, code: 'InternalFailure' },
  { status: 400, code: 'ProvisionedThroughputExceededException' },
  { status: 503, code: 'ServiceUnavailable' },
]

/** A delay is up to so many ms. */
const MAX_DELAY_MS = 20

/** Chooses what goes wrong with a call of so many records. The same `random` gives the same faults in the same order. */
export const chooseFault = (random: () => number, rates: FaultRates, records: number): Fault => {
  const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)]!
  let left = random()
  const hits = (rate: number) => {
    left -= rate
    return left < 0
  }
  if (hits(rates.records)) {
    // One fails for certain: a fault that fails nothing would be none.
    const certain = Math.floor(random() * records)
    const share = random()
    return {
      kind: 'records',
      errors: Array.from({ length: records }, (_, index) =>
        random() < share || index === certain ? pick(RECORD_ERRORS) : undefined,
      ),
    }
  }
  if (hits(rates.call)) return { kind: 'call', ...pick(CALL_ERRORS) }
  if (hits(rates.delay)) return { kind: 'delay', ms: Math.floor(random() * MAX_DELAY_MS) }
  if (hits(rates.cut)) return { kind: 'cut' }
  if (hits(rates.drop)) return { kind: 'drop' }
  return { kind: 'none' }
}
