import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { BUGS } from './bugs/bugs.ts'
import { hunt } from './bugs/hunt.ts'
import { type Bench, breakSource, loadBench } from './bugs/loadBench.ts'

/** Seeds within which each bug has to show. */
const MOST_SEEDS = 40

let intact: Bench
beforeAll(async () => {
  intact = await loadBench()
}, 60_000)

const rows: string[] = []
afterAll(() => {
  const width = Math.max(...BUGS.map(({ name }) => name.length))
  const head = `${'bug'.padEnd(width)}  seed  found as`
  if (rows.length > 0) process.stdout.write(`\n${[head, ...rows].join('\n')}\n\n`)
})

describe('the fault bench finds', () => {
  it.each(BUGS)('that $name', { timeout: 120_000 }, async (bug) => {
    const hunted = await hunt(await loadBench(bug), bug, MOST_SEEDS)
    const width = Math.max(...BUGS.map(({ name }) => name.length))
    rows.push(
      `${bug.name.padEnd(width)}  ${String(hunted?.seed ?? '–').padStart(4)}  ${hunted ? `${hunted.finding.kind}: ${hunted.finding.text}` : 'not found'}`,
    )
    expect(hunted).toBeDefined()
    const without = await intact.playSeed(hunted!.seed, { hasDuckDb: bug.needsDuckDb ?? false })
    expect(intact.judge(without)).toEqual([])
  })
})

describe('a bug', () => {
  it('that no longer fits its source is out of date', () => {
    const bug = { name: 'old', file: 'a.ts', replacements: [['gone', '']], breaks: [] } as const
    expect(() => breakSource('const here = 1', bug)).toThrow('a.ts has 0 times instead of once: gone')
    expect(() => breakSource('gone and gone', bug)).toThrow('a.ts has 2 times')
  })
})
