import { Pool } from 'undici'

/** What came of a request. */
export interface Posted {
  status: number
  retryAfterMs: number
  text: string
}

/** The SDK's own patience. */
const TIMEOUT_MS = 35_000

/** Posts over connections that are kept, at most `connections` at once; what comes meanwhile waits. */
export const createPoster = (url: string, connections: number) => {
  const { origin, pathname, search } = new URL(url)
  const pool = new Pool(origin, { connections, headersTimeout: TIMEOUT_MS, bodyTimeout: TIMEOUT_MS })
  const target = { method: 'POST', path: pathname + search } as const
  return {
    post: async (body: string | Buffer, headers: Record<string, string>): Promise<Posted> => {
      const { statusCode, headers: answered, body: answer } = await pool.request({ ...target, headers, body })
      const retryAfterMs = Number(answered['retry-after']) * 1000 || 0
      return { status: statusCode, retryAfterMs, text: await answer.text() }
    },
    close: () => void pool.destroy(),
  }
}

/** A way to post. */
export type Poster = ReturnType<typeof createPoster>
