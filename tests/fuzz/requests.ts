import fc from 'fast-check'
import type { GatewayEvent } from '../../packages/ingest-lambda/src/index.ts'
import { byteChange, layer } from './mutateBytes.ts'
import { MARKER, textChange } from './mutateText.ts'
import type { Vectors } from './readVectors.ts'
import { GATEWAYS, toGatewayEvent } from './toGatewayEvent.ts'

/** A request as a gateway hands it over, and what nobody may say of it. */
export interface FuzzRequest {
  event: GatewayEvent
  /** Stands in the body, most often more than once. */
  marker: string
}

/** How a body is put into an event. */
type Coding =
  | 'text'
  | 'base64'
  | 'base64 of base64'
  | 'text said to be base64'
  | 'base64 said to be text'
  | 'odd base64'

const encode = (bytes: Buffer, coding: Coding): { body: string; isBase64Encoded: boolean } => {
  const base64 = bytes.toString('base64')
  switch (coding) {
    case 'text':
      return { body: bytes.toString('utf8'), isBase64Encoded: false }
    case 'base64':
      return { body: base64, isBase64Encoded: true }
    case 'base64 of base64':
      return { body: Buffer.from(base64).toString('base64'), isBase64Encoded: true }
    case 'text said to be base64':
      return { body: bytes.toString('utf8'), isBase64Encoded: true }
    case 'base64 said to be text':
      return { body: base64, isBase64Encoded: false }
    case 'odd base64':
      return {
        body: base64.replaceAll('+', '-').replace(/.{76}/g, '$&\r\n').replace(/=+$/, ''),
        isBase64Encoded: true,
      }
  }
}

const sources = ({
  valid,
  invalid,
  cmcd,
}: Vectors): Record<'events' | 'cmcd' | 'bytes', fc.Arbitrary<Buffer>> => {
  const batch = fc
    .tuple(
      fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...valid) }, fc.constantFrom(...invalid)),
      fc.array(textChange, { maxLength: 3 }),
    )
    .map(([text, changes]) =>
      changes.reduce(
        (changed, change) => change(changed),
        text.replace(/"content":\{"id":"[^"]*/, `"content":{"id":"${MARKER}`),
      ),
    )
  const json = fc.json({ maxDepth: 5 }).map((text) => `{"${MARKER}":${text}}`)
  // Any unit of UTF-16, lone surrogates too.
  const text = fc
    .array(fc.oneof(fc.nat(0x7f), fc.nat(0xffff)), { maxLength: 200 })
    .map((units) => String.fromCharCode(...units) + MARKER)
  const lines = fc
    .tuple(
      fc.array(fc.oneof({ weight: 4, arbitrary: batch }, json, text), { minLength: 2, maxLength: 5 }),
      fc.constantFrom('\n', '\r\n', '\n\n', '\n \t\n'),
    )
    .map(([parts, separator]) => parts.join(separator))
  const events = fc
    .oneof(
      { weight: 16, arbitrary: batch },
      { weight: 5, arbitrary: lines },
      json,
      text,
      fc.json({ maxDepth: 3 }),
    )
    .map((text) => Buffer.from(text))
  const cmcdValue = fc
    .tuple(
      fc.nat(50),
      fc.constantFrom(
        '1',
        '-1',
        '1e9',
        '?0',
        '"',
        `"${MARKER}"`,
        MARKER,
        '(1 2)',
        ':YQ==:',
        '9'.repeat(30),
        `"${MARKER}\\""`,
      ),
    )
    .map(([n, value]) => (line: string) => {
      const members = line.split(',')
      members[n % members.length] = `${members[n % members.length]!.split('=')[0]}=${value}`
      return members.join(',')
    })
  const cmcdLines = fc
    .array(
      fc
        .tuple(fc.constantFrom(...cmcd), fc.array(cmcdValue, { maxLength: 2 }))
        .map(([line, changes]) =>
          changes.reduce((changed, change) => change(changed), `${line},cid="${MARKER}"`),
        ),
      { minLength: 1, maxLength: 8 },
    )
    .map((lines) => Buffer.from(lines.join('\n')))
  const bytes = fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.concat([bytes, Buffer.from(MARKER)]))
  return { events, cmcd: cmcdLines, bytes }
}

const header = fc.oneof(
  fc.constantFrom(
    '',
    'a\r\nset-cookie: a=b',
    '\u0000',
    'null',
    '__proto__',
    '1',
    '127.0.0.1',
    '::ffff:1.2.3.4',
    'x'.repeat(2000),
  ),
  fc.string({ maxLength: 40 }),
)

const around = fc.record({
  gateway: fc.constantFrom(...GATEWAYS),
  method: fc.oneof(
    { weight: 40, arbitrary: fc.constant('POST') },
    fc.constantFrom('GET', 'OPTIONS', 'PUT', 'post', '', '__proto__'),
  ),
  path: fc.oneof(
    { weight: 20, arbitrary: fc.constantFrom('/v1/events', '/v1/events', '/stage/v1/events', '/v1/events/') },
    { weight: 4, arbitrary: fc.constant('/v1/cmcd') },
    fc.constantFrom(
      '/v1/health',
      '/',
      '',
      '/v1/__proto__',
      '/v1/constructor',
      '/v1/toString',
      '/v1/events/../..',
      `/${'a'.repeat(9000)}`,
    ),
  ),
  key: fc.oneof(
    { weight: 20, arbitrary: fc.constant('pk_demo') },
    { weight: 3, arbitrary: fc.constant('pk_half') },
    fc.constantFrom(
      'pk_off',
      'pk_gone',
      'pk_nobody',
      '__proto__',
      'constructor',
      '',
      'pk_demo\r\n',
      '%',
      '%ff',
      undefined,
    ),
  ),
  headers: fc.dictionary(
    fc.constantFrom(
      'origin',
      'user-agent',
      'content-type',
      'sec-gpc',
      'cloudfront-viewer-country',
      'cloudfront-viewer-country-region',
      'x-forwarded-for',
      'x-amzn-trace-id',
      '__proto__',
      'content-encoding',
    ),
    header,
    { maxKeys: 3 },
  ),
})

const coding = fc.oneof(
  { weight: 20, arbitrary: fc.constant<Coding>('base64') },
  { weight: 6, arbitrary: fc.constant<Coding>('text') },
  fc.constantFrom<Coding>(
    'base64 of base64',
    'text said to be base64',
    'base64 said to be text',
    'odd base64',
  ),
)

/** Requests of every shape, with bodies that were good before they were mutated, and with such that never were. */
export const requests = (vectors: Vectors): fc.Arbitrary<FuzzRequest> => {
  const { events, cmcd, bytes } = sources(vectors)
  const body = fc.oneof(
    { weight: 12, arbitrary: fc.tuple(events, fc.constant<string | undefined>(undefined)) },
    { weight: 2, arbitrary: fc.tuple(cmcd, fc.constant<string | undefined>('/v1/cmcd')) },
    { weight: 1, arbitrary: fc.tuple(bytes, fc.constant<string | undefined>(undefined)) },
  )
  const changes = fc.oneof(
    { weight: 5, arbitrary: fc.constant([]) },
    { weight: 2, arbitrary: fc.array(byteChange, { minLength: 1, maxLength: 3 }) },
  )
  return fc
    .tuple(body, changes, layer, coding, around, fc.nat(0xffff_ffff))
    .map(([[clean, path], changes, pack, coding, around, number]) => {
      const marker = `ZQ${number.toString(16).toUpperCase().padStart(8, '0')}QZ`
      const marked = Buffer.from(clean.toString('latin1').replaceAll(MARKER, marker), 'latin1')
      const bytes = pack(changes.reduce<Buffer>((changed, change) => change(changed), marked))
      return { marker, event: toGatewayEvent(path ? { ...around, path } : around, encode(bytes, coding)) }
    })
}
