import type { QuarantineEntry } from '@viewbeat/schema'
import type { FaultRates } from '../faultProxy/chooseFault.ts'
import type { MappingSettings } from '../mapping/settings.ts'
import type { Dice } from './createDice.ts'
import { STEADY, type Wavering } from './wavering.ts'

/** The sinks by their stages. */
export const STAGES = ['archive', 'search', 'store'] as const satisfies QuarantineEntry['stage'][]

/** A sink's stage. */
export type Stage = (typeof STAGES)[number]

/** What happens to requests between the page and the ingest: shares of them. */
export interface NetworkRates {
  /** The connection is refused. */
  refuse: number
  /** Lost on the way; the page waits for its answer until it gives up. */
  lose: number
  /** Arrives, and its answer is lost. */
  loseAnswer: number
  /** Arrives late, maybe after the page gave it up. */
  late: number
  /** Is answered late, maybe after the page gave it up. */
  lateAnswer: number
  /** Arrives twice. */
  twice: number
  /** Answered by something on the way: 200 of a portal, 429, 502, 504. */
  other: number
}

/** What happens to a sink, its store and the mapping that feeds it. */
export interface SinkWeather {
  store: Wavering
  /** The share of a call's items that the store refuses for now. */
  busy: number
  /** The share of documents that the store refuses for good. */
  refuses: number
  quarantine: Wavering
  checkpoints: Wavering
  /** Shares of invocations: the instance dies, its answer is lost, it is not let in. */
  dies: number
  losesAnswer: number
  throttled: number
  /** When mapping and instances die, ms since the seed began, and how long they are away. */
  crashes: { at: number; for_ms: number }[]
  /** One set of settings for each life of the mapping. */
  settings: Partial<MappingSettings>[]
}

/** All that goes wrong in a seed. */
export interface Weather {
  /** When it began, epoch ms. */
  epoch: number
  /** From when on nothing goes wrong any more, ms. */
  clearsAt: number
  network: NetworkRates
  /** The largest body that the gateway lets through, bytes. */
  largestBody: number
  /** The share of requests over which the ingest's instance dies. */
  ingestDies: number
  puts: FaultRates
  /** The share of puts that the stream takes so late that the ingest has given up. */
  latePuts: number
  /** Whether shards take only a few records a second. */
  isThrottled: boolean
  /** The share of reads that fail. */
  reads: number
  /** When the stream's shards are split or merged, ms. */
  reshards: number[]
  spill: Wavering
  hasSpill: boolean
  quarantine: Wavering
  /** The records of one call, at most. */
  callLimits: { items: number; bytes: number }
  /** Bytes that are no record, put on the stream by somebody else: how many, of what. */
  poison: number
  sinks: Record<Stage, SinkWeather>
}

const NO_FAULT: NetworkRates = {
  refuse: 0,
  lose: 0,
  loseAnswer: 0,
  late: 0,
  lateAnswer: 0,
  twice: 0,
  other: 0,
}

const NETWORKS: readonly NetworkRates[] = [
  NO_FAULT,
  { ...NO_FAULT, loseAnswer: 0.3, twice: 0.2 },
  { refuse: 0.1, lose: 0.05, loseAnswer: 0.1, late: 0.1, lateAnswer: 0.1, twice: 0.1, other: 0.1 },
  { ...NO_FAULT, late: 0.4, lateAnswer: 0.3 },
  { ...NO_FAULT, refuse: 0.7, lose: 0.2 },
  { ...NO_FAULT, other: 0.5 },
]

const CALM: FaultRates = { records: 0, call: 0, delay: 0, cut: 0, drop: 0 }

const PUTS: readonly FaultRates[] = [
  CALM,
  { ...CALM, records: 0.7 },
  { records: 0.3, call: 0.15, delay: 0.05, cut: 0.1, drop: 0.1 },
  { ...CALM, records: 0.1, call: 0.5, cut: 0.3 },
  { ...CALM, drop: 0.5 },
  { ...CALM, call: 1 },
]

const STORES: readonly Wavering[] = [
  STEADY,
  { fails: 0.15, failsAfter: 0.15, slow: 0.1, longest_ms: 5000 },
  { fails: 0, failsAfter: 0.5, slow: 0, longest_ms: 0 },
  { fails: 0.7, failsAfter: 0.1, slow: 0, longest_ms: 0 },
  { fails: 0.05, failsAfter: 0.05, slow: 0.4, longest_ms: 90_000 },
]

const KEEPERS: readonly Wavering[] = [
  STEADY,
  { fails: 0.2, failsAfter: 0.2, slow: 0.1, longest_ms: 2000 },
  { fails: 0.6, failsAfter: 0.1, slow: 0, longest_ms: 0 },
]

const MINUTE_MS = 60_000

const makeSettings = (dice: Dice): Partial<MappingSettings> => ({
  batchSize: dice.pick([1, 2, 3, 7, 100]),
  maximumBatchingWindowInSeconds: dice.pick([0, 0, 1, 10]),
  parallelizationFactor: dice.pick([1, 1, 2, 4]),
  bisectBatchOnFunctionError: dice.chance(0.7),
  maximumRetryAttempts: dice.pick([0, 0, 2, 8]),
  maximumRecordAgeInSeconds: dice.pick([60, 604_800, 604_800]),
  pollMs: dice.pick([1000, 3000]),
  timeoutMs: dice.pick([15_000, 60_000]),
})

const makeSink = (dice: Dice, clearsAt: number): SinkWeather => {
  const crashes = Array.from({ length: dice.pick([0, 0, 1, 3]) }, () => ({
    at: dice.between(1000, clearsAt),
    for_ms: dice.between(0, 30_000),
  })).sort((one, other) => one.at - other.at)
  return {
    store: dice.pick(STORES),
    busy: dice.pick([0, 0, 0.3]),
    refuses: dice.pick([0, 0, 0.05]),
    quarantine: dice.pick(KEEPERS),
    checkpoints: dice.pick(KEEPERS),
    dies: dice.pick([0, 0, 0.1]),
    losesAnswer: dice.pick([0, 0, 0.1]),
    throttled: dice.pick([0, 0, 0.1]),
    crashes,
    settings: Array.from({ length: crashes.length + 1 }, () => makeSettings(dice)),
  }
}

/** Midnights and full hours are where a place is chosen by the time. */
const BEGINS = [
  Date.UTC(2026, 8, 21, 12, 20),
  Date.UTC(2026, 8, 21, 23, 58, 30),
  Date.UTC(2026, 8, 21, 14, 59),
] as const

/** Says what goes wrong in a seed. */
export const makeWeather = (dice: Dice): Weather => {
  const clearsAt = dice.between(MINUTE_MS, 4 * MINUTE_MS)
  return {
    epoch: dice.pick(BEGINS),
    clearsAt,
    network: dice.pick(NETWORKS),
    largestBody: dice.pick([10_000_000, 10_000_000, 3000]),
    ingestDies: dice.pick([0, 0, 0.1]),
    puts: dice.pick(PUTS),
    latePuts: dice.pick([0, 0, 0.1]),
    isThrottled: dice.chance(0.2),
    reads: dice.pick([0, 0.1]),
    reshards: Array.from({ length: dice.pick([0, 1, 3]) }, () => dice.between(5000, clearsAt)).sort(
      (one, other) => one - other,
    ),
    spill: dice.pick(KEEPERS),
    hasSpill: dice.chance(0.8),
    quarantine: dice.pick(KEEPERS),
    callLimits: { items: dice.pick([500, 2, 1]), bytes: dice.pick([10 * 1024 * 1024, 6000]) },
    poison: dice.pick([0, 1, 3]),
    sinks: {
      archive: makeSink(dice, clearsAt),
      search: makeSink(dice, clearsAt),
      store: makeSink(dice, clearsAt),
    },
  }
}
