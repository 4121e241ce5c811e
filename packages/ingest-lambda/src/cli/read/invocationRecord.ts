import { decodeRecord, type QuarantineEntry } from '@viewbeat/schema'

/**
 * What Lambda writes to an S3 on-failure destination of an event source mapping: one JSON document for each batch that
 * it gave up, with the event as text.
 * https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html
 */
interface InvocationRecord {
  timestamp: string
  requestContext: { functionArn: string; condition: string }
  KinesisBatchInfo: { shardId: string }
  payload?: unknown
}

const STAGES = ['archive', 'search', 'store'] as const

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null

/** Whether a name is one that Lambda gives such a document: `aws/lambda/<mapping>/<shard>/YYYY/MM/DD/<time>-<uuid>`. */
export const isInvocationRecordName = (name: string): boolean =>
  /(^|[\\/])aws[\\/]lambda[\\/][^\\/]+[\\/]shardId-[^\\/]+[\\/]/.test(name)

const isInvocationRecord = (value: unknown): value is InvocationRecord =>
  isObject(value) &&
  typeof value.timestamp === 'string' &&
  isObject(value.requestContext) &&
  isObject(value.KinesisBatchInfo)

const readJson = (text: unknown): unknown => {
  if (typeof text !== 'string') return text
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const recordsOf = (payload: unknown): { data: string; sequenceNumber: string }[] => {
  const { Records } = (readJson(payload) ?? {}) as { Records?: unknown }
  if (!Array.isArray(Records)) return []
  return Records.flatMap((record) => {
    const { data, sequenceNumber } = (record?.kinesis ?? {}) as Record<string, unknown>
    return typeof data === 'string' && typeof sequenceNumber === 'string' ? [{ data, sequenceNumber }] : []
  })
}

/**
 * Reads such a document as entries, one for each record that it holds; undefined when the text is none. An empty list
 * means that the records are not in it: only S3 gets them, SQS and SNS do not.
 */
export const readInvocationRecord = (text: string): QuarantineEntry[] | undefined => {
  const value = readJson(text)
  if (!isInvocationRecord(value)) return undefined
  const { functionArn = '', condition = 'unknown' } = value.requestContext
  // Named after what the function is called, for the report; a re-drive does the same for all of them.
  const stage = STAGES.find((name) => String(functionArn).toLowerCase().includes(name)) ?? 'sink'
  const given_up_at = Date.parse(value.timestamp)
  return recordsOf(value.payload).map(({ data, sequenceNumber }) => {
    const decoded = decodeRecord(Buffer.from(data, 'base64'))
    return {
      v: 1,
      stage: stage as QuarantineEntry['stage'],
      received_at: given_up_at || 0,
      rejections: [{ code: 'not_stored', path: '', message: `Given up: ${condition}` }],
      body_base64: data,
      sequence_number: sequenceNumber,
      ...(decoded.ok && {
        publisher: decoded.record.publisher,
        view_id: decoded.record.batch.view_id,
        seqs: decoded.record.batch.events.map(({ seq }) => seq),
      }),
    }
  })
}
