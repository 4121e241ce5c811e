import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { DEFINITION_SETS } from './definitionSets.ts'
import { METRIC_NAMES } from './metricNames.ts'
import { metricsPage } from './metricsPage.ts'

describe('docs/metrics.md', () => {
  it('is what the formulas say of themselves', async () => {
    await expect(metricsPage(DEFINITION_SETS)).toMatchFileSnapshot('../../../../docs/metrics.md')
  })

  it('marks each formula that is known at second hand', () => {
    const page = metricsPage(DEFINITION_SETS)
    expect(page.match(/\*\*second hand\*\*/g)).toHaveLength(6)
    expect(page.match(/ ² /g)).toHaveLength(6)
  })

  it('has as many metrics as the README says', () => {
    const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
    expect(readme).toContain(`${Object.keys(METRIC_NAMES).length} metrics`)
  })
})
