import type { Receipt } from '../../response/toResponse.ts'

/** What became of a post. */
export type Sent =
  | { kind: 'answered'; receipt: Receipt }
  /** Not to be had by sending it again: the key, the address or the body is refused. */
  | { kind: 'refused'; status: number; message: string }
  /** It went on too long that nobody could take it. */
  | { kind: 'unavailable'; message: string }
  /** Broken off while it waited to be sent again. */
  | { kind: 'stopped' }

/** How a post reaches the ingest; `fetch` in the world. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>

/** A name without a browser's is a bot's to the ingest, and the viewers whose events these are would all be bots. */
const USER_AGENT = 'Mozilla/5.0 (viewbeat-quarantine)'

const MAX_TRIES = 12
const FIRST_BACKOFF_MS = 500
const MAX_BACKOFF_MS = 30_000

/** API Gateway gives up after 30 s. */
const TIMEOUT_MS = 35_000

/** Seconds or a date, as ms from now; undefined where it says nothing. */
const readRetryAfter = (header: string | null, now: number): number | undefined => {
  if (!header) return undefined
  const ms = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - now
  return Number.isNaN(ms) ? undefined : Math.max(0, ms)
}

const readReceipt = (text: string): Receipt | undefined => {
  try {
    const receipt = JSON.parse(text)
    return Number.isSafeInteger(receipt.accepted) && Array.isArray(receipt.rejected) ? receipt : undefined
  } catch {
    return undefined
  }
}

const readMessage = (text: string): string => {
  try {
    const { message } = JSON.parse(text)
    return typeof message === 'string' ? message : ''
  } catch {
    return ''
  }
}

/**
 * Sends a body until it is answered. 429, 5xx and a broken connection are tried again, when `Retry-After` says or
 * later and later; the world's `wait` rejects when the run is to end.
 */
export const sendPost = async (
  url: string,
  body: string,
  {
    fetch,
    now,
    wait,
    onWait,
  }: {
    fetch: Fetch
    now: () => number
    wait: (ms: number) => Promise<void>
    /** Told why and how long before each rest. */
    onWait: (why: string, ms: number) => void
  },
): Promise<Sent> => {
  let why = ''
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    let rest: number | undefined
    try {
      const answer = await fetch(url, {
        method: 'POST',
        body,
        headers: { 'content-type': 'application/json', 'user-agent': USER_AGENT },
        // A key must not follow where somebody else points.
        redirect: 'manual',
        signal: AbortSignal.timeout(TIMEOUT_MS),
      })
      const text = await answer.text()
      const { status } = answer
      if (status === 202) {
        const receipt = readReceipt(text)
        return receipt
          ? { kind: 'answered', receipt }
          : { kind: 'refused', status, message: 'Answered without a receipt: no Viewbeat ingest' }
      }
      if (status !== 429 && status < 500) return { kind: 'refused', status, message: readMessage(text) }
      why = String(status)
      rest = readRetryAfter(answer.headers.get('retry-after'), now())
    } catch (error) {
      const { cause, message } = error as Error & { cause?: Error }
      why = cause?.message || message
    }
    const ms = rest ?? Math.min(MAX_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** tries)
    onWait(why, ms)
    try {
      await wait(ms)
    } catch {
      return { kind: 'stopped' }
    }
  }
  return { kind: 'unavailable', message: why }
}
