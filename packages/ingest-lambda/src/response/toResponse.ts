import type { Rejection } from '@viewbeat/schema'
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda'

/** The body of a 202: how many events were stored, and which were not and why. */
export interface Receipt {
  accepted: number
  /** `batch`: its line in the body; `index` and `seq`: the event, null where the whole batch was refused. */
  rejected: ({ batch: number; index: number | null; seq: number | null } & Rejection)[]
  /** How many more were rejected than are listed: an answer has to fit what Lambda may give, 6 MB. */
  omitted?: number
}

/** Any page may read any answer: keys are public and nothing rides on cookies. */
const CORS = {
  'access-control-allow-origin': '*',
  'access-control-allow-methods': 'GET, POST, OPTIONS',
  'access-control-allow-headers': 'content-type',
  'access-control-expose-headers': 'retry-after',
  'access-control-max-age': '86400',
}

/** An answer as API Gateway takes it, with the CORS headers that every answer has. */
export const toResponse = (
  statusCode: number,
  body?: Receipt | { message: string },
  headers: Record<string, string> = {},
): APIGatewayProxyStructuredResultV2 => ({
  statusCode,
  headers: { ...CORS, 'cache-control': 'no-store', 'content-type': 'application/json', ...headers },
  ...(body && { body: JSON.stringify(body) }),
})
