// What refusing a bomb costs, in a process of its own: prints JSON. The argument: MiB of zeros that it inflates to.
import { createGzip } from 'node:zlib'
import type { IngestHandler } from '../../packages/ingest-lambda/src/index.ts'
import { openIngest } from './openIngest.ts'
import { toGatewayEvent } from './toGatewayEvent.ts'

const MIB = 1024 * 1024

/** Gzip of zeros, made piece by piece, so that its making needs no memory of its own. */
const makeBomb = async (mebibytes: number): Promise<Buffer> => {
  const gzip = createGzip({ level: 9 })
  const chunks: Buffer[] = []
  gzip.on('data', (chunk) => chunks.push(chunk))
  const zeros = Buffer.alloc(MIB)
  for (let made = 0; made < mebibytes; made++)
    if (!gzip.write(zeros)) await new Promise((resolve) => gzip.once('drain', resolve))
  await new Promise<void>((resolve) => gzip.end(resolve))
  return Buffer.concat(chunks)
}

const post = async (handler: IngestHandler, bytes: Buffer) => {
  const coded = { body: bytes.toString('base64'), isBase64Encoded: true }
  const event = toGatewayEvent({ gateway: 'http', key: 'pk_demo' }, coded)
  const peak = process.resourceUsage().maxRSS
  const began = process.hrtime.bigint()
  const { statusCode } = await handler(event)
  const ms = Number(process.hrtime.bigint() - began) / 1e6
  return { statusCode, ms, grown_mib: (process.resourceUsage().maxRSS - peak) / 1024 }
}

const bomb = await makeBomb(Number(process.argv[2]))
const ingest = openIngest()
await post(ingest.handler, Buffer.from('{}'))
const result = await post(ingest.handler, bomb)
ingest.close()
console.log(JSON.stringify({ bytes: bomb.length, ...result }))
