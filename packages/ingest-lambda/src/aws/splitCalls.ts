/** What one call may hold. */
export interface CallLimits {
  items: number
  bytes: number
}

/** Cuts items into calls that the service takes. Keeps their order. */
export const splitCalls = <T>(
  items: readonly T[],
  sizeOf: (item: T) => number,
  limits: CallLimits,
): T[][] => {
  const calls: T[][] = []
  let bytes = 0
  for (const item of items) {
    const size = sizeOf(item)
    const call = calls.at(-1)
    if (call && call.length < limits.items && bytes + size <= limits.bytes) {
      call.push(item)
      bytes += size
    } else {
      calls.push([item])
      bytes = size
    }
  }
  return calls
}
