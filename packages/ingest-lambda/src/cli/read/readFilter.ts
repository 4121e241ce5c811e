import type { QuarantineEntry } from '@viewbeat/schema'
import { UsageError } from '../output.ts'

/** What of a quarantine is looked at, as the command line says it. */
export interface FilterOptions {
  since?: string
  until?: string
  publisher?: string
  stage?: string
  code?: string
}

/** What of a quarantine is looked at. */
export interface Filter {
  /** Epoch ms, inclusive. */
  since: number
  /** Epoch ms, exclusive. */
  until: number
  isWanted: (entry: QuarantineEntry) => boolean
  isWantedCode: (code: string) => boolean
}

const UNITS_MS: Record<string, number> = { m: 60_000, h: 3_600_000, d: 86_400_000 }

const readTime = (option: string, value: string, now: number): number => {
  const [, amount, unit] = /^(\d+)([mhd])$/.exec(value) ?? []
  if (amount && unit) return now - Number(amount) * UNITS_MS[unit]!
  const time = /^\d{4}-\d\d/.test(value) ? Date.parse(value) : Number.NaN
  if (Number.isNaN(time))
    throw new UsageError(
      `${option} ${value}: expected 2026-11-22, 2026-11-22T10:00Z, or an age such as 90m, 24h, 7d`,
    )
  return time
}

const toSet = (list: string | undefined) => list && new Set(list.split(',').map((word) => word.trim()))

/** Reads what the command line says of which entries it means. Throws `UsageError`. */
export const readFilter = (options: FilterOptions, now: number): Filter => {
  const since = options.since ? readTime('--since', options.since, now) : Number.NEGATIVE_INFINITY
  const until = options.until ? readTime('--until', options.until, now) : Number.POSITIVE_INFINITY
  const publishers = toSet(options.publisher)
  const stages = toSet(options.stage)
  const codes = toSet(options.code)
  return {
    since,
    until,
    isWanted: ({ received_at, publisher, stage, rejections }) =>
      received_at >= since &&
      received_at < until &&
      (!publishers || publishers.has(publisher ?? '')) &&
      (!stages || stages.has(stage)) &&
      (!codes || rejections.some(({ code }) => codes.has(code))),
    isWantedCode: (code) => !codes || codes.has(code),
  }
}
