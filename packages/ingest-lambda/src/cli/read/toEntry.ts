import type { QuarantineEntry } from '@viewbeat/schema'

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isRejection = (value: unknown): boolean =>
  isObject(value) &&
  typeof value.code === 'string' &&
  typeof value.path === 'string' &&
  typeof value.message === 'string'

const isMaybe = (value: unknown, type: 'string' | 'number') => value === undefined || typeof value === type

/** Reads a line as an entry; undefined when it is none. What it holds of the sender's is not looked at. */
export const toEntry = (text: string): QuarantineEntry | undefined => {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return undefined
  }
  const isEntry =
    isObject(value) &&
    value.v === 1 &&
    typeof value.stage === 'string' &&
    typeof value.received_at === 'number' &&
    Math.abs(value.received_at) <= 8.64e15 &&
    Array.isArray(value.rejections) &&
    value.rejections.length > 0 &&
    value.rejections.every(isRejection) &&
    isMaybe(value.publisher, 'string') &&
    isMaybe(value.view_id, 'string') &&
    isMaybe(value.body_base64, 'string') &&
    (value.seqs === undefined || Array.isArray(value.seqs))
  return isEntry ? (value as unknown as QuarantineEntry) : undefined
}
