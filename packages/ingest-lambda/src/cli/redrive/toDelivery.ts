import type { Sent } from './sendPost.ts'
import type { Left, Post } from './toPosts.ts'

/** What a sent post comes to: the events that are safe, those that are left, and whether it makes sense to go on. */
export interface Delivery {
  landed: number[]
  sampledOut: number
  left: Left[]
  /** Why no other post need be tried: at all, or with this key. */
  stop?: { all: boolean; why: string }
}

const none = (post: Post, code: string, message: string, stop?: Delivery['stop']): Delivery => ({
  landed: [],
  sampledOut: 0,
  left: [{ code, path: '', message, events: post.seqs.length }],
  ...(stop && { stop }),
})

/** Statuses that are about the key or the producer, and not about this body. */
const OF_KEY = new Set([401, 403, 410])

/**
 * Reads the ingest's answer to a post, event by event. What it refuses although it passed here tells that it runs another
 * version: to go on would fill its quarantine once more.
 */
export const toDelivery = (post: Post, sent: Sent): Delivery => {
  if (sent.kind === 'stopped') return none(post, 'stopped', 'The run was broken off')
  if (sent.kind === 'unavailable')
    return none(post, 'unavailable', sent.message, {
      all: true,
      why: `the ingest cannot be had: ${sent.message}`,
    })
  if (sent.kind === 'refused') {
    const why = `the ingest answers ${sent.status}${sent.message && `: ${sent.message}`}`
    return none(post, `status_${sent.status}`, sent.message, { all: !OF_KEY.has(sent.status), why })
  }
  const { accepted, rejected, omitted = 0, sampled_out: sampledOut = 0 } = sent.receipt
  const isWhole = rejected.some(({ index }) => index === null)
  const refused = new Set(rejected.map(({ index }) => index))
  const landed = isWhole || omitted > 0 ? [] : post.seqs.filter((_, index) => !refused.has(index))
  if (landed.length !== accepted + sampledOut)
    return none(post, 'unaccounted', 'Its receipt does not account for every event', {
      all: true,
      why: 'the receipt does not account for every event',
    })
  return {
    landed,
    sampledOut,
    left: rejected.map(({ code, path, message }) => ({
      code,
      path,
      message,
      events: isWhole ? post.seqs.length : 1,
    })),
    ...(rejected.length > 0 && {
      stop: {
        all: true,
        why: 'the ingest refuses what passes here: it runs another version; deploy the fix first',
      },
    }),
  }
}
