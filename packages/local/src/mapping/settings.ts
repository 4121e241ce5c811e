/**
 * The settings of an event source mapping by the names that Lambda has for them, in its units, with its limits.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-parameters.html
 */
export interface MappingSettings {
  /** Most records in an invocation, 1 to 10,000. */
  batchSize: number
  /** How long records are gathered before an invocation that is not full, 0 to 300. */
  maximumBatchingWindowInSeconds: number
  /** Invocations of one shard at the same time, 1 to 10; records of one partition key stay in order. */
  parallelizationFactor: number
  /** Whether a batch that fails is split in two. */
  bisectBatchOnFunctionError: boolean
  /** How often a batch that cannot be split is tried again, 0 to 10,000; -1 for ever. */
  maximumRetryAttempts: number
  /** Records older than this are not handed to the function any more, 60 to 604,800; -1 for no limit. */
  maximumRecordAgeInSeconds: number
  /** Where to begin in a stream that the mapping has never read. */
  startingPosition: 'TRIM_HORIZON' | 'LATEST' | 'AT_TIMESTAMP'
  /** Unix time in seconds, with `AT_TIMESTAMP`. */
  startingPositionTimestamp?: number
  /** Whether the function's answer may say from where on it failed. */
  functionResponseTypes: readonly 'ReportBatchItemFailures'[]
  /** How long an idle shard rests between reads, ms. Not Lambda's: that reads once a second. */
  pollMs: number
  /** The function's own timeout, ms. */
  timeoutMs: number
}

/** Finite: whatever a record is, it blocks its shard for so long and no longer. */
export const DEFAULT_SETTINGS: MappingSettings = {
  batchSize: 100,
  maximumBatchingWindowInSeconds: 0,
  parallelizationFactor: 1,
  bisectBatchOnFunctionError: true,
  maximumRetryAttempts: 8,
  maximumRecordAgeInSeconds: 604_800,
  startingPosition: 'TRIM_HORIZON',
  functionResponseTypes: ['ReportBatchItemFailures'],
  pollMs: 1000,
  timeoutMs: 60_000,
}

type Limited =
  | 'batchSize'
  | 'maximumBatchingWindowInSeconds'
  | 'parallelizationFactor'
  | 'maximumRetryAttempts'
  | 'maximumRecordAgeInSeconds'

const LIMITS: Record<Limited, { least: number; most: number; orInfinite?: true }> = {
  batchSize: { least: 1, most: 10_000 },
  maximumBatchingWindowInSeconds: { least: 0, most: 300 },
  parallelizationFactor: { least: 1, most: 10 },
  maximumRetryAttempts: { least: 0, most: 10_000, orInfinite: true },
  maximumRecordAgeInSeconds: { least: 60, most: 604_800, orInfinite: true },
}

/** Fills in what is not given. Throws `RangeError`, naming the setting, for what Lambda would refuse. */
export const completeSettings = (given: Partial<MappingSettings> = {}): MappingSettings => {
  const settings = { ...DEFAULT_SETTINGS, ...given }
  for (const [name, { least, most, orInfinite }] of Object.entries(LIMITS)) {
    const value = settings[name as Limited]
    if (orInfinite && value === -1) continue
    if (!Number.isInteger(value) || value < least || value > most)
      throw new RangeError(
        `${name}: expected a whole number from ${least} to ${most}${orInfinite ? ', or -1' : ''}, got ${value}`,
      )
  }
  if (settings.startingPosition === 'AT_TIMESTAMP' && settings.startingPositionTimestamp === undefined)
    throw new RangeError('startingPositionTimestamp: expected with AT_TIMESTAMP, Unix time in seconds')
  return settings
}
