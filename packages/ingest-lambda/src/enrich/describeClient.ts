import type { Client } from '@viewbeat/schema'
import Bowser from 'bowser'
import ipaddr from 'ipaddr.js'
import { isbot } from 'isbot'

const KEPT_BITS = { ipv4: 24, ipv6: 48 } as const

const parse = (address: string) => {
  try {
    return ipaddr.process(address)
  } catch {
    return undefined
  }
}

/**
 * The network of an address, `/24` or `/48`; the rest of it goes nowhere. A port may stand behind it, as in CloudFront's
 * `CloudFront-Viewer-Address`. Undefined for what is no address.
 */
export const ipPrefix = (address: string): string | undefined => {
  const parsed = parse(address) ?? parse(address.replace(/^\[?([0-9a-f:.]{1,45}?)\]?:\d{1,5}$/i, '$1'))
  if (!parsed) return undefined
  const bits = KEPT_BITS[parsed.kind()]
  const bytes = parsed.toByteArray().map((byte, index) => (index < bits / 8 ? byte : 0))
  return `${ipaddr.fromByteArray(bytes).toString()}/${bits}`
}

/** Longest user agent that is parsed, characters: the parser's expressions see no more of a hostile one. */
const MAX_USER_AGENT = 512

/** How many user agents are remembered: parsing one costs as much as checking ten events. */
const REMEMBERED = 1000

type Agent = Pick<Client, 'browser' | 'os' | 'device_type' | 'bot'>

const agents = new Map<string, Agent>()

const parseAgent = (userAgent: string): Agent => {
  const { browser, os, platform } = Bowser.parse(userAgent)
  return {
    ...(browser.name && { browser: browser.name }),
    ...(os.name && { os: os.name }),
    ...(platform.type && { device_type: platform.type }),
    bot: isbot(userAgent),
  }
}

const agentOf = (userAgent: string): Agent => {
  const known = agents.get(userAgent)
  if (known) return known
  if (agents.size >= REMEMBERED) agents.clear()
  const agent = parseAgent(userAgent)
  agents.set(userAgent, agent)
  return agent
}

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
  const userAgent = headers['user-agent']
  return userAgent ? { ...client, ...agentOf(userAgent.slice(0, MAX_USER_AGENT)) } : client
}
