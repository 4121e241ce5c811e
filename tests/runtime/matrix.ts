import { gzipSync } from 'node:zlib'
import { GATEWAYS, type GatewayRequest } from '../../packages/ingest-lambda/test/gatewayEvent.ts'
import minimal from '../../packages/schema/vectors/1.2/valid/minimal.json' with { type: 'json' }

/** A request in one of the ways that it can arrive. */
export interface Arrival {
  gateway: string
  /** How the body was sent and handed over. */
  way: string
  event: unknown
  /** Content ids of the batches in it, one of their own each, and so the names of their records. */
  contents: string[]
}

const CONTENT_TYPES = [
  'text/plain',
  'text/plain;charset=UTF-8',
  'application/json',
  'application/x-ndjson',
  'application/octet-stream',
  'application/x-www-form-urlencoded',
  undefined,
]

/** A gateway can hand gzip over as base64 only. */
const ENCODINGS: Record<string, (text: string) => Pick<GatewayRequest, 'body' | 'base64'>> = {
  text: (body) => ({ body }),
  base64: (body) => ({ body, base64: true }),
  gzip: (text) => ({ body: gzipSync(text), base64: true }),
}

/** What a wrong reading of the bytes would not leave whole. */
const title = 'Füße 走る 🎬  "quoted"\\'

/** A batch with this content. */
export const batchOf = (id: string) => ({
  ...minimal,
  context: { ...minimal.context, content: { id, title } },
})

/** Whether a record's content came through as it was sent. */
export const isWhole = (content: { title?: string | undefined }) => content.title === title

const headersOf = (contentType: string | undefined) => ({
  'user-agent': 'Mozilla/5.0',
  ...(contentType && { 'content-type': contentType }),
})

/** Every way in which batches arrive through a gateway. */
export const arrivalsOf = (gateway: string): Arrival[] =>
  Object.entries(ENCODINGS).flatMap(([encoding, encode]) =>
    CONTENT_TYPES.flatMap((contentType) =>
      [1, 2].map((batches): Arrival => {
        const way = `${encoding} of ${contentType}, ${batches} batches`
        const contents = Array.from({ length: batches }, (_, index) => `${gateway}, ${way}, no. ${index}`)
        const body = encode(contents.map((id) => JSON.stringify(batchOf(id))).join('\n'))
        const event = GATEWAYS[gateway]!({ ...body, headers: headersOf(contentType) })
        return { gateway, way, event, contents }
      }),
    ),
  )

/** Every way in which CMCD arrives through a gateway. */
export const cmcdArrivalsOf = (gateway: string): Arrival[] =>
  Object.entries(ENCODINGS).map(([encoding, encode], index) => {
    const way = `${encoding} of CMCD`
    const id = `${gateway}, ${way}`
    const text = `cid="${id}",e=t,sid="session ${index} of ${gateway}",sn=0,sta=p,ts=1790000000000,v=2\n`
    const request = { ...encode(text), path: '/v1/cmcd', headers: headersOf('application/cmcd') }
    return { gateway, way, event: GATEWAYS[gateway]!(request), contents: [id] }
  })

/** What may stand in front of the function. */
export const gateways = Object.keys(GATEWAYS)
