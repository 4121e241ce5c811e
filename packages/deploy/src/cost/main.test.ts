import { describe, expect, it } from 'vitest'
import { main } from './main.ts'

const run = (...argv: string[]) => {
  const out: string[] = []
  const err: string[] = []
  const columns = 100
  const code = main(argv, { out: (line) => out.push(line), err: (line) => err.push(line), columns })
  return { code, out: out.join('\n'), err: err.join('\n') }
}

describe('the command cost', () => {
  it('prints each component with its arithmetic, and all shapes', () => {
    const { code, out } = run('--views-per-day', '2.5e6', '--minutes-per-view', '20')
    expect(code).toBe(0)
    for (const what of [
      'gateway',
      'Lambda time',
      'Kinesis shards',
      'Kinesis on demand',
      'quarantine',
      'spill',
      'archive PUTs',
      'archive S3',
    ])
      expect(out).toContain(what)
    expect(out).toMatch(/us-east-1/)
    expect(out).toMatch(/gateway +300 M × \$1\.00\/M \+ [\d,]+ M × \$0\.90\/M +[\d,.]+$/m)
    expect(out).toMatch(/REST +HTTP API +function URL +CloudFront/)
    expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100)
  })

  it('says what another heartbeat would cost, which is less where it is rarer', () => {
    const { out } = run()
    const [, sum] = /^ {2}sum +([\d,.]+)$/m.exec(out)!
    const sums = [...out.matchAll(/requests a view, ([\d,.]+) a month/g)].map(([, usd]) => usd!)
    expect(sums).toHaveLength(2)
    expect(run('--heartbeat', '60').out).toMatch(new RegExp(`^ {2}sum +${sums[0]}$`, 'm'))
    const [all, each60, each120] = [sum!, ...sums].map((usd) => Number(usd.replaceAll(',', '')))
    expect(each60).toBeLessThan(all!)
    expect(each120).toBeLessThan(each60!)
  })

  it('has the nodes of OpenSearch in the bill where there are any, and says so where not', () => {
    expect(run().out).toMatch(/Not in it: OpenSearch \(--search-nodes\)/)
    const { out } = run('--search-nodes', '3', '--search-node-usd', '0.5')
    expect(out).toMatch(/search nodes +3 × 730 h × \$0\.5 \+ 150 × \$0\.122 +1,113\.30$/m)
    expect(out).not.toMatch(/Not in it: OpenSearch/)
  })

  it('says which prices nobody confirmed', () => {
    expect(run('--shape', 'cloudfront').out).toMatch(/Prices nobody confirmed:[^.]*CloudFront request/)
  })

  it('has lines that add up to the sum it prints', () => {
    const { out } = run('--shape', 'function-url')
    const [, lines] = out.split('function URL, batches')
    const amounts = lines!.split('\n  ─')[0]!.matchAll(/ ([\d,]+\.\d\d)$/gm)
    const sum = [...amounts].reduce((sum, [, amount]) => sum + Number(amount!.replaceAll(',', '')), 0)
    const [, said] = /^ {2}sum +([\d,.]+)$/m.exec(lines!)!
    expect(sum).toBeCloseTo(Number(said!.replaceAll(',', '')), 1)
  })

  it('answers machines the same figures', () => {
    const { out } = run('--json', '--views-per-day', '1000')
    const { bills, options } = JSON.parse(out)
    expect(options.viewsPerDay).toBe(1000)
    expect(bills.map(({ shape }: { shape: string }) => shape)).toEqual([
      'rest',
      'http-api',
      'function-url',
      'cloudfront',
    ])
    const text = run('--views-per-day', '1000').out
    expect(text).toContain(bills[1].usd.toFixed(2))
  })

  it('counts with what is given in place of what was measured', () => {
    const { view } = JSON.parse(
      run('--json', '--events-per-view', '80', '--events-per-request', '20', '--record-bytes', '6135').out,
    )
    expect(view).toMatchObject({
      events: 80,
      requests: 4,
      records: 4,
      record_bytes: 4 * 6135,
      record_kib: 24,
    })
  })

  it.each([
    ['--views-per-day', 'many'],
    ['--views-per-day', '0'],
    ['--views-per-day', ''],
    ['--views-per-day', 'Infinity'],
    ['--minutes-per-view', '-1'],
    ['--minutes-per-view', '1441'],
    ['--peak', '0.5'],
    ['--shards', '1.5'],
    ['--retention-days', '8'],
    ['--memory-mb', '64'],
    ['--quarantine-share', '1.1'],
    ['--shape', 'carrier-pigeon'],
    ['--capacity', 'free'],
    ['--heartbeat', '7'],
    ['--colour', 'red'],
  ])('names the option that is wrong: %s %s', (option, value) => {
    const { code, err, out } = run(`${option}=${value}`)
    expect(code).toBe(2)
    expect(err).toContain(option)
    expect(out).toBe('')
  })

  it('explains itself', () => {
    const { code, out } = run('--help')
    expect(code).toBe(0)
    expect(out).toMatch(/--views-per-day <number>/)
    expect(out).toMatch(/list prices of us-east-1/)
  })
})
