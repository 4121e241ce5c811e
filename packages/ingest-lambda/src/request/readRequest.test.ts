import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import everyType from '../../../schema/vectors/1.0/valid/every-type.json' with { type: 'json' }
import minimal from '../../../schema/vectors/1.0/valid/minimal.json' with { type: 'json' }
import { GATEWAYS, type GatewayRequest } from '../../test/gatewayEvent.ts'
import { decodeBody } from './decodeBody.ts'
import { readBatches } from './readBatches.ts'
import { readCmcd } from './readCmcd.ts'
import { readRequest } from './readRequest.ts'

const batch = JSON.stringify(everyType)
const other = JSON.stringify(minimal)
const cmcd =
  'e=ps,sid="01K0VIEW",sta=p,ts=1790000000000,v=2\ne=ps,sid="01K0VIEW",sta=k,ts=1790000009000,v=2\n'

const BODIES = {
  'a batch as JSON': { path: '/v1/events', body: batch },
  'several batches as NDJSON': { path: '/v1/events', body: `${batch}\n${other}\n` },
  CMCD: { path: '/v1/cmcd', body: cmcd },
}
const TYPES = [
  'text/plain;charset=UTF-8',
  'application/json',
  'application/x-ndjson',
  'application/cmcd',
  'application/x-www-form-urlencoded',
]

const read = (gateway: string, request: GatewayRequest) => {
  const { route, body, isBase64 } = readRequest(GATEWAYS[gateway]!(request))
  const decoded = decodeBody(body, isBase64)
  if (!decoded.ok) throw new Error(decoded.message)
  const { text, raw } = decoded
  return (route === 'cmcd' ? readCmcd : readBatches)(text, raw)!.map((read) => read.ok && read.batch)
}

const combinations = Object.keys(GATEWAYS).flatMap((gateway) =>
  Object.entries(BODIES).flatMap(([name, request]) =>
    TYPES.flatMap((type) =>
      [
        { how: 'as text', body: request.body, base64: false },
        { how: 'as base64', body: request.body, base64: true },
        { how: 'gzipped, as base64', body: gzipSync(request.body), base64: true },
      ].map(({ how, ...wrapped }) => ({
        gateway,
        name,
        type,
        how,
        request: { path: request.path, ...wrapped },
      })),
    ),
  ),
)

describe('a request', () => {
  it.each(combinations)('from $gateway with $name as $type, $how, holds the same batches', (combination) => {
    const { gateway, name, type, request } = combination
    const { path, body } = BODIES[name as keyof typeof BODIES]
    const plain = read('an HTTP API', { path, body })
    expect(plain).not.toContain(false)
    expect(read(gateway, { ...request, headers: { 'content-type': type } })).toEqual(plain)
  })

  it.each(Object.keys(GATEWAYS))('from %s says who sent it, how and what for', (gateway) => {
    const headers = { origin: 'https://pub.example', 'sec-gpc': '1' }
    const request = readRequest(GATEWAYS[gateway]!({ path: '/v1/events', headers, body: 'x' }))
    expect(request).toMatchObject({ method: 'POST', route: 'events', key: 'pk_demo' })
    expect(request.headers).toMatchObject(headers)
    expect(request.id).not.toBe('')
    // The gateway's own word: of what a sender claims in X-Forwarded-For nothing is believed.
    expect(['192.0.2.1', '123.123.123.123', '72.21.198.66']).toContain(request.sourceIp)
  })

  it.each([
    ['/v1/events', 'events'],
    ['/v1/events/', 'events'],
    ['/prod/v1/cmcd', 'cmcd'],
    ['/base/path/v1/health', 'health'],
    ['/v1/', ''],
    ['/v1/events/more', ''],
    ['/v2/events', ''],
  ])('for %s asks for "%s", whatever stage or base path stands before it', (path, route) => {
    for (const gateway of Object.values(GATEWAYS)) expect(readRequest(gateway({ path })).route).toBe(route)
  })
})
