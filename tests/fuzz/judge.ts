import { decodeRecord, MAX_RECORD_BYTES, parseBatch, type QuarantineEntry } from '@viewbeat/schema'
import type { GatewayAnswer, Receipt } from '../../packages/ingest-lambda/src/index.ts'
import { decodeBody } from '../../packages/ingest-lambda/src/request/decodeBody.ts'
import type { RecordingIngest } from './openIngest.ts'
import type { FuzzRequest } from './requests.ts'

/** Own names of what all values inherit from, as they are before anything was fuzzed. */
const INHERITED = [Object.prototype, Array.prototype, Function.prototype, String.prototype, Number.prototype]
const names = () => INHERITED.map((prototype) => Reflect.ownKeys(prototype).map(String).join()).join('|')
const NAMES = names()

const STATUSES = new Set([200, 202, 204, 400, 403, 404, 405, 410, 413, 429])

const claim = (holds: boolean, what: () => string) => {
  if (!holds) throw new Error(what())
}

const countEvents = (value: unknown): number => {
  const events = (value as { events?: unknown } | null | undefined)?.events
  return Array.isArray(events) ? events.length : 0
}

const tryJson = (text: string): { value: unknown } | undefined => {
  try {
    return { value: JSON.parse(text) }
  } catch {
    return undefined
  }
}

/** What a body holds, read by rules of its own: its lines, or the whole where it is one JSON text. */
const readLines = (text: string): string[] =>
  tryJson(text) ? [text] : text.split(/\r?\n/).filter((line) => line.trim() !== '')

const judgeRecord = (data: Uint8Array, partitionKey: string) => {
  const text = Buffer.from(data).toString('utf8')
  claim(data.length + partitionKey.length <= MAX_RECORD_BYTES, () => `a record of ${data.length} bytes`)
  claim(text.endsWith('\n') && text.indexOf('\n') === text.length - 1, () => 'a record that is not one line')
  if (/__proto__|\\ud[89a-f]/i.test(text))
    JSON.parse(text, (key, value) => {
      claim(key !== '__proto__', () => 'a __proto__ key in a record')
      claim(
        key.isWellFormed() && (typeof value !== 'string' || value.isWellFormed()),
        () => 'a lone surrogate',
      )
      return value
    })
  const decoded = decodeRecord(data)
  if (!decoded.ok) throw new Error(`a record that is none: ${decoded.rejection.message}`)
  const { batch } = decoded.record
  claim(batch.view_id === partitionKey, () => 'a partition key that is not the view')
  const events = batch.events.length
  claim(events > 0, () => 'a record without events')
  const again = parseBatch(batch)
  claim(
    again.ok && again.rejected.length === 0,
    () => `a record that would be refused: ${JSON.stringify(again)}`,
  )
  return events
}

const isWhole = ({ rejections }: QuarantineEntry) => !('index' in rejections[0]!)
const bytesOf = ({ body_base64 = '' }: QuarantineEntry) => Buffer.from(body_base64, 'base64')

const countReasons = ({ rejections, omitted = 0 }: QuarantineEntry) => rejections.length + omitted

/** Events in = accepted + rejected + sampled out, and every refused line is kept with its bytes. */
const judgeEvents = (text: string, receipt: Receipt, stored: number, entries: readonly QuarantineEntry[]) => {
  const lines = readLines(text)
  const total = lines.reduce((sum, line) => sum + countEvents(tryJson(line)?.value), 0)
  const whole = entries.filter(isWhole)
  for (const entry of whole)
    claim(lines.includes(bytesOf(entry).toString('utf8')), () => 'quarantine holds a line that did not come')
  for (const entry of entries.filter((entry) => !isWhole(entry))) {
    const isKept =
      entry.batch === undefined
        ? lines.includes(bytesOf(entry).toString('utf8'))
        : countEvents(entry.batch) === countReasons(entry)
    claim(isKept, () => 'quarantine holds not what was rejected')
  }
  const refusedWhole = whole.reduce(
    (sum, entry) => sum + countEvents(tryJson(bytesOf(entry).toString('utf8'))?.value),
    0,
  )
  const refused = entries
    .filter((entry) => !isWhole(entry))
    .reduce((sum, entry) => sum + countReasons(entry), 0)
  const told = stored + refused + refusedWhole + (receipt.sampled_out ?? 0)
  claim(told === total, () => `${total} events came, ${told} are accounted for`)
  const listed = receipt.rejected.length + (receipt.omitted ?? 0)
  claim(listed === refused + whole.length, () => `${listed} rejections told, ${refused + whole.length} kept`)
}

const judgeCmcd = (text: string, receipt: Receipt, entries: readonly QuarantineEntry[]) => {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '')
  const told =
    receipt.accepted + receipt.rejected.length + (receipt.omitted ?? 0) + (receipt.sampled_out ?? 0)
  claim(told === lines.length, () => `${lines.length} lines came, ${told} are accounted for`)
  for (const entry of entries)
    claim(lines.includes(bytesOf(entry).toString('utf8')), () => 'quarantine holds a line that did not come')
}

const judgeAnswer = ({ statusCode, headers, multiValueHeaders, body }: GatewayAnswer) => {
  claim(STATUSES.has(statusCode), () => `status ${statusCode}: ${body}`)
  for (const value of Object.values(headers ?? multiValueHeaders ?? {}).flat())
    claim(!/\p{Cc}/u.test(value), () => 'a header that ends before its end')
  const origin =
    headers?.['access-control-allow-origin'] ?? multiValueHeaders?.['access-control-allow-origin']?.[0]
  claim(origin === '*', () => 'an answer without CORS headers')
}

/** Sends a request through the ingest and throws, saying which promise it broke. */
export const judge = async (
  ingest: RecordingIngest,
  { event, marker }: FuzzRequest,
): Promise<GatewayAnswer> => {
  ingest.forget()
  const answer = await ingest.handler(structuredClone(event))
  const { records, entries, facts, output } = ingest
  judgeAnswer(answer)
  const leak = output.find((line) => line.includes(marker))
  claim(leak === undefined, () => `payload in the log: ${leak}`)
  claim(names() === NAMES && Object.keys({}).length === 0, () => 'a prototype was polluted')
  claim(
    facts.length === 1 && facts[0]?.status === answer.statusCode,
    () => 'a request that is not counted once',
  )

  const stored = records.reduce((sum, { data, partitionKey }) => sum + judgeRecord(data, partitionKey), 0)
  const { statusCode } = answer
  const route = /\/v1\/cmcd\/?$/.test('rawPath' in event ? event.rawPath : event.path) ? 'cmcd' : 'events'
  if (statusCode === 202) {
    const receipt = JSON.parse(answer.body!) as Receipt
    claim(receipt.accepted === stored, () => `${receipt.accepted} said to be accepted, ${stored} stored`)
    const body = decodeBody(event.body, event.isBase64Encoded)
    if (!body.ok) throw new Error('202 to a body that cannot be decoded')
    // Bytes are kept as UTF-8, which has no halves of characters.
    const text = body.text.toWellFormed()
    if (route === 'cmcd') judgeCmcd(text, receipt, entries)
    else judgeEvents(text, receipt, stored, entries)
    return answer
  }
  claim(stored === 0, () => `${stored} events stored and answered ${statusCode}`)
  const kept = { 400: 1, 410: entries.length }[statusCode] ?? 0
  claim(entries.length === kept, () => `${entries.length} entries kept and answered ${statusCode}`)
  if (statusCode === 400) {
    const body = decodeBody(event.body, event.isBase64Encoded)
    claim(bytesOf(entries[0]!).equals(body.raw()), () => 'quarantine holds other bytes than came')
  }
  return answer
}
