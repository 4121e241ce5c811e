/** The time a mapping lives by: the machine's, or one that a test moves. */
export interface MappingClock {
  /** Epoch ms. */
  now(): number
  /** Resolves when `ms` have passed or `signal` is aborted, whichever comes first. Never rejects. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}
