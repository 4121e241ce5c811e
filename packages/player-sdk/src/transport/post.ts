/** What came of an attempt. Status 0: no answer. */
export interface Answer {
  status: number
  /** The server's `Retry-After`, ms; 0 when it said none. */
  retryAfterMs: number
}

/** Longer than any answer of the ingest takes (API Gateway gives up after 30 s): giving up early makes duplicates. */
const TIMEOUT_MS = 35_000

/**
 * Posts a body that outlives the page. Plain text, no credentials, no header of our own: the browser asks no preflight,
 * which at the closing of a tab would never be followed by the request. Never rejects.
 */
export const post = async (url: string, body: string): Promise<Answer> => {
  const aborter = typeof AbortController === 'undefined' ? undefined : new AbortController()
  let timeout: ReturnType<typeof setTimeout> | undefined
  try {
    // Beside the abort, because TVs without an AbortController would wait for ever and hold up all that follows.
    const late = new Promise<never>((_, reject) => {
      timeout = setTimeout(() => {
        reject()
        aborter?.abort()
      }, TIMEOUT_MS)
    })
    const request: RequestInit = { method: 'POST', body, keepalive: true, credentials: 'omit' }
    const signal = aborter && { signal: aborter.signal }
    const response = await Promise.race([fetch(url, Object.assign(request, signal)), late])
    const seconds = Number(response.headers.get('retry-after'))
    return { status: response.status, retryAfterMs: seconds > 0 ? seconds * 1000 : 0 }
  } catch {
    return { status: 0, retryAfterMs: 0 }
  } finally {
    clearTimeout(timeout)
  }
}

/** Hands a body to the browser as the page goes; whether it will be sent, not whether it arrived. */
export const beacon = (url: string, body: string): boolean => navigator.sendBeacon?.(url, body) ?? false
