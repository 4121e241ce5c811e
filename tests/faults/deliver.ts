import type { GatewayAnswer, Receipt } from '../../packages/ingest-lambda/src/index.ts'
import type { SentBody } from './makeBody.ts'

/** What a sender knows of a body in the end. */
export type Delivery =
  | { fate: 'stored'; receipt: Receipt; tries: number }
  /** Nothing of it could be read: it is sent no more. */
  | { fate: 'unreadable'; tries: number }
  /** Still not answered for: the sender has it. */
  | { fate: 'kept'; tries: number }

/** Sends a body as the SDK does: what is refused for now is kept and sent again after the time that the answer names. */
export const deliver = async (
  body: SentBody,
  post: (body: SentBody) => Promise<GatewayAnswer>,
  wait: (ms: number) => void,
  most: number,
): Promise<Delivery> => {
  for (let tries = 1; tries <= most; tries++) {
    const { statusCode, headers, body: text = '' } = await post(body)
    if (statusCode === 202) return { fate: 'stored', receipt: JSON.parse(text), tries }
    if (statusCode === 400) return { fate: 'unreadable', tries }
    const after = Number(headers?.['retry-after'])
    if ((statusCode !== 429 && statusCode !== 503) || !(after > 0))
      throw new Error(`No sender knows what to do with ${statusCode} and Retry-After ${after}: ${text}`)
    wait(after * 1000)
  }
  return { fate: 'kept', tries: most }
}
