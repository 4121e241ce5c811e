import { describe, expect, it } from 'vitest'
import { readConfig, readDrainConfig } from './config.ts'

const good = {
  AWS_REGION: 'eu-west-1',
  AWS_ACCESS_KEY_ID: 'id',
  AWS_SECRET_ACCESS_KEY: 'secret',
  VIEWBEAT_STREAM: 'viewbeat',
  VIEWBEAT_QUARANTINE: 'file:/tmp/quarantine',
  VIEWBEAT_KEYS: '{"pk_demo":{"publisher":"demo","origins":["*"]}}',
}

describe('the configuration', () => {
  it('takes keys that are on unless they say otherwise', async () => {
    const keys = await readConfig(good).keys()
    expect(keys.get('pk_demo')).toMatchObject({ publisher: 'demo', state: 'on' })
  })

  it.each([
    ['VIEWBEAT_KEYS', 'ssm:/viewbeat/keys'],
    ['VIEWBEAT_KEYS', 's3://bucket/keys.json'],
    ['VIEWBEAT_QUARANTINE', 'firehose:refused'],
    ['VIEWBEAT_SPILL', 's3://bucket/spill'],
    ['VIEWBEAT_SPILL', 'file:/tmp/spill'],
  ])('takes %s as %s', (variable, value) => {
    expect(() => readConfig({ ...good, [variable]: value })).not.toThrow()
  })

  it.each([
    ['AWS_REGION', undefined],
    ['AWS_ACCESS_KEY_ID', undefined],
    ['VIEWBEAT_STREAM', undefined],
    ['VIEWBEAT_KEYS', undefined],
    ['VIEWBEAT_KEYS', '{'],
    ['VIEWBEAT_KEYS', '{"demo":{"publisher":"demo","origins":["*"]}}'],
    ['VIEWBEAT_KEYS', '{"pk_a":{"publisher":"a","origins":["*"],"colour":"red"}}'],
    ['VIEWBEAT_KEYS', 'file:/nowhere/keys.json'],
    ['VIEWBEAT_KEYS', 's3://bucket'],
    ['VIEWBEAT_KEYS_REFRESH_S', 'often'],
    ['VIEWBEAT_QUARANTINE', undefined],
    ['VIEWBEAT_QUARANTINE', '/tmp/quarantine'],
    ['VIEWBEAT_SPILL', 'bucket'],
    ['VIEWBEAT_SPILL', 's3://bucket'],
    ['VIEWBEAT_PUT_MAX_RECORDS', '0'],
  ])('fails at once and names %s when it is %s', (variable, value) => {
    expect(() => readConfig({ ...good, [variable]: value })).toThrow(variable)
  })

  it('of the drain names VIEWBEAT_SPILL when there is none', () => {
    expect(() => readDrainConfig(good)).toThrow('VIEWBEAT_SPILL')
  })
})
