import { describe, expect, it } from 'vitest'
import { describeClient, ipPrefix } from './describeClient.ts'

const CHROME =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36'

describe('ipPrefix', () => {
  it.each([
    ['203.0.113.77', '203.0.113.0/24'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1::/48'],
    ['::ffff:203.0.113.77', '203.0.113.0/24'],
    ['203.0.113.77:46532', '203.0.113.0/24'],
    ['[2001:db8:1:2::6]:443', '2001:db8:1::/48'],
    ['2001:db8:1:2:3:4:5:6:443', '2001:db8:1::/48'],
    ['', undefined],
    ['localhost', undefined],
  ])('keeps of %s only %s', (address, prefix) => {
    expect(ipPrefix(address)).toBe(prefix)
  })
})

describe('describeClient', () => {
  it('names browser, system and kind of device, and marks people as people', () => {
    expect(
      describeClient('203.0.113.77', { 'user-agent': CHROME, 'cloudfront-viewer-country': 'DE' }),
    ).toEqual({
      ip_prefix: '203.0.113.0/24',
      country: 'DE',
      browser: 'Chrome',
      os: 'Windows',
      device_type: 'desktop',
      bot: false,
    })
  })

  it('marks bots', () => {
    expect(describeClient(undefined, { 'user-agent': 'Googlebot/2.1' })).toMatchObject({ bot: true })
  })

  it('says nothing where nothing is told', () => {
    expect(describeClient(undefined, {})).toEqual({})
  })
})
