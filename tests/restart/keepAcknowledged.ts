import { gunzipSync } from 'node:zlib'
import type { createPoster } from '../../packages/local/src/load/createPoster.ts'

interface Line {
  view_id: string
  events: { seq: number }[]
}

type Poster = Pick<ReturnType<typeof createPoster>, 'post'>

/** A poster that remembers, by view, the events that were answered 202. */
export const keepAcknowledged = (poster: Poster) => {
  const acknowledged = new Map<string, Set<number>>()
  const post: Poster['post'] = async (body, headers) => {
    const answer = await poster.post(body, headers)
    if (answer.status !== 202) return answer
    const { rejected } = JSON.parse(answer.text) as { rejected: unknown[] }
    if (rejected.length > 0) throw new Error(`the SDK's own events are refused: ${answer.text}`)
    const text = typeof body === 'string' ? body : gunzipSync(body).toString()
    for (const line of text.split('\n')) {
      const { view_id, events } = JSON.parse(line) as Line
      const seqs = acknowledged.get(view_id) ?? new Set()
      acknowledged.set(view_id, seqs)
      for (const { seq } of events) seqs.add(seq)
    }
    return answer
  }
  return { post, acknowledged }
}
