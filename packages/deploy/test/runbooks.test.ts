import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { alarmTable } from '../src/alarms/alarmTable.ts'
import { checkSettings } from '../src/settings/readSettings.ts'

const page = readFileSync(new URL('../../../docs/operating.md', import.meta.url), 'utf8')
const [, runbooks] = page.split('\n## Alarms\n') as [string, string]
const sections = Object.fromEntries(
  runbooks
    .split('\n### ')
    .slice(1)
    .map((section) => [section.slice(0, section.indexOf('\n')), section]),
)

const metric = { namespace: 'AWS', metric: 'Any', dimensions: {} }
const rows = alarmTable(
  checkSettings({ search: {}, alarms: { publishers: ['demo', 'other'], silenceMinutes: 15 } }, 'test'),
  {
    service: 'service',
    namespace: 'namespace',
    ingest: 'ingest',
    drain: 'drain',
    deliveryStream: 'quarantine',
    requests: metric,
    serverErrors: metric,
    sinks: [
      { name: 'archive', service: 'archive', function: 'archive', mapping: 'archive', windowS: 60 },
      { name: 'search', service: 'search', function: 'search', mapping: 'search', windowS: 1 },
    ],
    archiveFirehose: { deliveryStream: 'archive', function: 'transform' },
    view: 'view',
    searchDomain: { DomainName: 'search', ClientId: '123456789012' },
  },
)
const named = [...new Set(rows.map(({ runbook }) => runbook))]

describe('the runbook', () => {
  it('has a section for each alarm, in their order, and none for nothing', () => {
    expect(Object.keys(sections)).toEqual(named)
  })

  it.each(named)('says of %s what it means, what to look at and what to do', (name) => {
    expect(sections[name]).toMatch(/\*\*Means:\*\* .{60}/s)
    expect(sections[name]).toMatch(/\*\*Look at:\*\* .{30}/s)
    expect(sections[name]).toMatch(/\*\*Do:\*\* .{20}/s)
  })

  it('leads only to sections that are there', () => {
    const anchors = [...page.matchAll(/^##+ (.+)$/gm)].map(([, title]) =>
      title!.toLowerCase().replaceAll(' ', '-'),
    )
    for (const [, anchor] of page.matchAll(/\]\(#([^)]+)\)/g)) expect(anchors).toContain(anchor)
  })
})

describe('an alarm', () => {
  it.each(rows.map((row) => [`${row.runbook} ${row.of ?? ''}`, row] as const))(
    '%s says why in a sentence, and looks at a time that ends',
    (_, { why, datapoints, periods, periodS }) => {
      expect(why).toMatch(/^[A-Z].*\.$/)
      expect(datapoints).toBeLessThanOrEqual(periods)
      expect(periods * periodS).toBeLessThanOrEqual(24 * 3600)
    },
  )
})
