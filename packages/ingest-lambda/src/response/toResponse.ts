import type { Rejection } from '@viewbeat/schema'

/** The body of a 202: how many events were stored, and which were not and why. */
export interface Receipt {
  accepted: number
  /**
   * `batch`: the line of the body, from 0, that it begins with; `index` and `seq`: the event, null where the whole batch
   * was refused.
   */
  rejected: ({ batch: number; index: number | null; seq: number | null } & Rejection)[]
  /** How many more were rejected than are listed: an answer has to fit what Lambda may give, 6 MB. */
  omitted?: number
  /** Events of views that the key's sample rate leaves out: meant, and no loss. */
  sampled_out?: number
}

/** An answer as any gateway takes it. */
export interface GatewayAnswer {
  statusCode: number
  headers?: Record<string, string>
  multiValueHeaders?: Record<string, string[]>
  body?: string
}

/** Any page may read any answer: keys are public and nothing rides on cookies. */
const HEADERS = {
  'access-control-allow-origin': '*',
  'access-control-allow-methods': 'GET, POST, OPTIONS',
  'access-control-allow-headers': 'content-type',
  'access-control-expose-headers': 'retry-after, x-request-id',
  'access-control-max-age': '86400',
  'cache-control': 'no-store',
  'content-type': 'application/json',
}

/** A load balancer lets senders choose this id: nothing of it may end a header. */
const tame = (id: string) => id.replace(/[^\w=;:.-]/g, '').slice(0, 128)

/** An answer with the headers that every answer has. */
export const toResponse = (
  { id, wantsMultiValueHeaders }: { id: string; wantsMultiValueHeaders: boolean },
  statusCode: number,
  body?: Receipt | { message: string },
  more: Record<string, string> = {},
): GatewayAnswer => {
  const headers = { ...HEADERS, 'x-request-id': tame(id), ...more }
  const multiValueHeaders = () =>
    Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]]))
  return {
    statusCode,
    ...(wantsMultiValueHeaders ? { multiValueHeaders: multiValueHeaders() } : { headers }),
    ...(body && { body: JSON.stringify(body) }),
  }
}
