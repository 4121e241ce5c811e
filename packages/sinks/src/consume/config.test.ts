import { describe, expect, it } from 'vitest'
import { readQuarantine, readSearchEndpoint } from './config.ts'

const aws = { AWS_REGION: 'eu-west-1', AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'secret' }

describe('what sinks read of the environment', () => {
  it.each(['firehose:refused', 'file:/tmp/quarantine'])('takes a quarantine at %s', (place) => {
    expect(readQuarantine({ ...aws, VIEWBEAT_QUARANTINE: place })).toHaveProperty('put')
  })

  it.each([undefined, '', '/tmp/quarantine', 's3://bucket', 'firehose:'])(
    'fails at once and names VIEWBEAT_QUARANTINE when it is %s',
    (place) => {
      expect(() => readQuarantine({ ...aws, VIEWBEAT_QUARANTINE: place })).toThrow('VIEWBEAT_QUARANTINE')
    },
  )

  it('says what of AWS is missing for a delivery stream', () => {
    expect(() => readQuarantine({ VIEWBEAT_QUARANTINE: 'firehose:refused' })).toThrow('AWS_REGION')
  })

  it('takes an endpoint for a domain unless it says serverless', () => {
    const url = 'https://search.example'
    expect(readSearchEndpoint({ VIEWBEAT_SEARCH: url })).toEqual({ url, service: 'es' })
    expect(readSearchEndpoint({ VIEWBEAT_SEARCH: url, VIEWBEAT_SEARCH_SERVICE: 'aoss' })).toEqual({
      url,
      service: 'aoss',
    })
    expect(readSearchEndpoint({ VIEWBEAT_SEARCH: 'http://127.0.0.1:9200' }).service).toBe('es')
  })

  it.each([undefined, 'search.example', 'ftp://search.example'])(
    'fails at once and names VIEWBEAT_SEARCH when it is %s',
    (url) => {
      expect(() => readSearchEndpoint({ VIEWBEAT_SEARCH: url })).toThrow('VIEWBEAT_SEARCH: ')
    },
  )

  it('fails at once and names VIEWBEAT_SEARCH_SERVICE when it is another', () => {
    expect(() =>
      readSearchEndpoint({ VIEWBEAT_SEARCH: 'https://search.example', VIEWBEAT_SEARCH_SERVICE: 'solr' }),
    ).toThrow('VIEWBEAT_SEARCH_SERVICE')
  })
})
