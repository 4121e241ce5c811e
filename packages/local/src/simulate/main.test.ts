import { describe, expect, it } from 'vitest'
import { main } from './main.ts'

const run = async (argv: string[], signal?: AbortSignal) => {
  const out: string[] = []
  const err: string[] = []
  const output = {
    out: (line: string) => out.push(line),
    err: (line: string) => err.push(line),
    status: () => {},
    interactive: false,
  }
  const code = await main(argv, output, signal)
  return { code, out: out.join('\n'), err: err.join('\n') }
}

describe('the fault bench on the command line', () => {
  it('plays seeds and reports what they met', async () => {
    const { code, out } = await run(['--seeds', '2', '--duckdb', '0'])
    expect(code).toBe(0)
    expect(out).toContain('2 seeds from 1 on')
    expect(out).toContain('Every event of every view is accounted for in every sink.')
  })

  it('answers in JSON', async () => {
    const report = JSON.parse((await run(['--seed', '3', '--duckdb', '0', '--json'])).out)
    expect(report).toMatchObject({ first: 3, seeds: 1, stopped: false, failed: [] })
    expect(report.captured).toBeGreaterThan(0)
  })

  it('tells the story of a seed', async () => {
    const { code, out } = await run(['--seed', '3', '--story', '--duckdb', '0'])
    expect(code).toBe(0)
    expect(out).toMatch(/captures 0 view_start/)
    expect(out).toMatch(/stream: record 0 in shardId-/)
    expect(out).toMatch(/Seed 3: every event is accounted for\./)
  })

  it('stops where it is told to, and says so', async () => {
    const { code, out } = await run(['--seeds', '5'], AbortSignal.abort())
    expect(code).toBe(0)
    expect(out).toContain('Stopped: 0 seeds')
  })

  it('refuses what it does not understand', async () => {
    expect((await run(['--seeds', '0'])).code).toBe(2)
    expect((await run(['--story'])).err).toContain('--story: say whose, with --seed')
    expect((await run(['--help'])).code).toBe(0)
  })
})
