import type { Client } from '@viewbeat/schema'
import Bowser from 'bowser'
import ipaddr from 'ipaddr.js'
import { isbot } from 'isbot'

const KEPT_BITS = { ipv4: 24, ipv6: 48 } as const

/** The network of an address, `/24` or `/48`; the rest of it goes nowhere. Undefined for what is no address. */
export const ipPrefix = (address: string): string | undefined => {
  if (!ipaddr.isValid(address)) return undefined
  const parsed = ipaddr.process(address)
  const bits = KEPT_BITS[parsed.kind()]
  const bytes = parsed.toByteArray().map((byte, index) => (index < bits / 8 ? byte : 0))
  return `${ipaddr.fromByteArray(bytes).toString()}/${bits}`
}

/** Longest user agent that is parsed, characters: the parser's expressions see no more of a hostile one. */
const MAX_USER_AGENT = 512

/** What a request tells of its sender, as far as it may be kept. Absent where it tells nothing. */
export const describeClient = (
  sourceIp: string | undefined,
  headers: Readonly<Record<string, string | undefined>>,
): Client => {
  const client: Client = {}
  const prefix = sourceIp && ipPrefix(sourceIp)
  if (prefix) client.ip_prefix = prefix
  const country = headers['cloudfront-viewer-country']
  if (country) client.country = country.slice(0, 2)
  const region = headers['cloudfront-viewer-country-region']
  if (region) client.region = region.slice(0, 8)
  const userAgent = headers['user-agent']?.slice(0, MAX_USER_AGENT)
  if (!userAgent) return client
  const { browser, os, platform } = Bowser.parse(userAgent)
  if (browser.name) client.browser = browser.name
  if (os.name) client.os = os.name
  if (platform.type) client.device_type = platform.type
  client.bot = isbot(userAgent)
  return client
}
