import { beforeAll, describe, expect, it } from 'vitest'
import { playSeed } from '../../packages/local/src/simulate/playSeed.ts'
import { type FaultReport, runSeeds } from '../../packages/local/src/simulate/runSeeds.ts'
import { tellStory } from '../../packages/local/src/simulate/tellStory.ts'

/** How many seeds are played, and the first one: `FAULT_SEED=17 FAULT_SEEDS=1` plays one again. */
const SEEDS = Number(process.env.FAULT_SEEDS ?? 100)
const FIRST = Number(process.env.FAULT_SEED ?? 1)

let report: FaultReport
const stories: string[] = []

beforeAll(async () => {
  report = await runSeeds(
    { first: FIRST, seeds: SEEDS, duckDbEvery: 25 },
    { onFailed: (scene, found) => stories.push(...tellStory(scene, found)) },
  )
}, 900_000)

describe('the pipeline from the player to every store, between faults', () => {
  it('loses no event, stores none twice, keeps their order and the totals', () => {
    expect(stories.slice(0, 200).join('\n')).toBe('')
    expect(report.failed).toEqual([])
    expect(report.seeds).toBe(SEEDS)
  })

  // A few seeds need not meet them all.
  it.runIf(SEEDS >= 100)('has met every kind of fault', () => {
    const stages = ['archive', 'search', 'store'].flatMap((stage) =>
      [
        'store failed',
        'store failed after it was done',
        'store slow',
        'quarantine failed',
        'checkpoints failed',
        'crashed',
        'throttled',
        'lost its answer',
        'discarded',
      ].map((what) => `${stage} ${what}`),
    )
    const network = ['refuse', 'lose', 'loseAnswer', 'late', 'lateAnswer', 'twice', 'other', 'offline']
    const stream = ['records', 'call', 'cut', 'drop', 'late', 'throttled']
    const kinds = [
      ...stages,
      ...network.map((what) => `network: ${what}`),
      ...stream.map((what) => `put: ${what}`),
      ...[
        'spilled',
        'spill failed',
        'drain failed',
        'ingest died',
        'poison',
        'split',
        'merge',
        'search: busy',
      ],
    ]
    expect(kinds.filter((kind) => !report.faults[kind])).toEqual([])
    expect(report.dropped).toBeGreaterThan(0)
    expect(report.redeliveries).toBeGreaterThan(report.seeds)
    expect(report.withDuckDb).toBe(SEEDS / 25)
  })
})

describe('a seed', () => {
  it.each([
    [3, false],
    [4, false],
    [5, true],
  ])('plays the same each time (%i, DuckDB: %s)', { timeout: 60_000 }, async (seed, hasDuckDb) => {
    const one = await playSeed(seed, { hasDuckDb })
    const other = await playSeed(seed, { hasDuckDb })
    expect(other.facts).toEqual(one.facts)
    expect(other.digest).toBe(one.digest)
  })
})
