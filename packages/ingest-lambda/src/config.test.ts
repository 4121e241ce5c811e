import { describe, expect, it } from 'vitest'
import { readConfig } from './config.ts'

const good = {
  AWS_REGION: 'eu-west-1',
  VIEWBEAT_STREAM: 'viewbeat',
  VIEWBEAT_QUARANTINE_DIR: '/tmp/quarantine',
  VIEWBEAT_KEYS: '{"pk_demo":{"publisher":"demo","origins":["*"]}}',
}

describe('readConfig', () => {
  it('takes keys that are on unless they say otherwise', () => {
    expect(readConfig(good).keys).toEqual({ pk_demo: { publisher: 'demo', origins: ['*'], state: 'on' } })
  })

  it.each([
    ['VIEWBEAT_STREAM', { VIEWBEAT_STREAM: undefined }],
    ['VIEWBEAT_KEYS', { VIEWBEAT_KEYS: undefined }],
    ['VIEWBEAT_KEYS', { VIEWBEAT_KEYS: '{' }],
    ['VIEWBEAT_KEYS', { VIEWBEAT_KEYS: '{"demo":{"publisher":"demo","origins":["*"]}}' }],
    ['VIEWBEAT_KEYS', { VIEWBEAT_KEYS: '{"pk_a":{"publisher":"a","origins":["*"],"colour":"red"}}' }],
    ['VIEWBEAT_QUARANTINE_DIR', { VIEWBEAT_QUARANTINE_DIR: undefined }],
  ])('fails at once and names %s when it is %o', (variable, wrong) => {
    expect(() => readConfig({ ...good, ...wrong })).toThrow(variable)
  })
})
