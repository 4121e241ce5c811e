import { decodeRecord } from '@viewbeat/schema'
import { afterEach, describe, expect, it } from 'vitest'
import { createPoster, type Poster } from './createPoster.ts'
import { type Load, runLoad } from './runLoad.ts'
import { startIngest } from './startIngest.ts'
import { summarize } from './summarize.ts'

const LOAD: Load = {
  views: 30,
  speed: 100,
  minutes: 1,
  spreadMinutes: 1,
  seed: 1,
  origin: 'https://www.publisher.example',
  drainMs: 20_000,
}

const open: (() => unknown)[] = []
afterEach(async () => {
  for (const close of open.splice(0)) await close()
})

/** An ingest whose stream keeps the identities of events. `isDown`: it takes nothing. */
const ingest = async (isDown = () => false) => {
  const stored: string[] = []
  const { url, stop } = await startIngest({
    putRecords: async (records) => {
      if (isDown()) return { left: [...records], retried: 0, cause: new Error('down') }
      for (const { data } of records) {
        const decoded = decodeRecord(data)
        if (!decoded.ok) throw new Error('no record')
        const { view_id, events } = decoded.record.batch
        for (const { seq } of events) stored.push(`${view_id} ${seq}`)
      }
      return { left: [], retried: 0 }
    },
  })
  open.push(stop)
  const posterTo = (key: string) => {
    const poster = createPoster(`${url}/v1/events?key=${key}`, 16)
    open.push(poster.close)
    return poster
  }
  return { stored, poster: posterTo('pk_demo'), posterTo }
}

describe('load through the SDK', { timeout: 60_000 }, () => {
  it('arrives whole: each captured event is on the stream, once', async () => {
    const { stored, poster } = await ingest()
    const report = await runLoad(LOAD, { poster })
    const summary = summarize(report)
    expect(summary).toMatchObject({ holds: true, rejected: 0, reportedDropped: 0, broken: [] })
    expect(summary.captured).toBeGreaterThan(200)
    expect(stored).toHaveLength(summary.captured)
    expect(new Set(stored).size).toBe(summary.accepted)
    expect(report).toMatchObject({ begun: 30, again: 0, answers: { 202: report.requests } })
    expect(report.latency.p50).toBeLessThanOrEqual(report.latency.p99)
  })

  it('arrives whole when the ingest answers 503 for a while', async () => {
    const begin = performance.now()
    const { stored, poster } = await ingest(() => performance.now() - begin < 1000)
    const report = await runLoad(LOAD, { poster })
    const summary = summarize(report)
    expect(report.answers[503]).toBeGreaterThan(0)
    expect(report.again).toBeGreaterThan(0)
    expect(summary).toMatchObject({ holds: true, reportedDropped: 0 })
    expect(new Set(stored).size).toBe(summary.captured)
  })

  it('counts once what arrived and whose answer was lost', async () => {
    const { stored, poster } = await ingest()
    let posts = 0
    const lossy: Pick<Poster, 'post'> = {
      async post(body, headers) {
        const answer = await poster.post(body, headers)
        if (posts++ % 5 === 0) throw new Error('connection reset')
        return answer
      },
    }
    const summary = summarize(await runLoad(LOAD, { poster: lossy }))
    expect(summary).toMatchObject({ holds: true, accepted: summary.captured })
    expect(stored.length).toBeGreaterThan(summary.captured)
    expect(new Set(stored).size).toBe(summary.captured)
  })

  it('counts what the ingest rejects', async () => {
    const { stored, poster } = await ingest()
    const mangling: Pick<Poster, 'post'> = {
      post: (body, headers) =>
        poster.post(typeof body === 'string' ? body.replace('"t_ms":', '"t_ms":-1') : body, headers),
    }
    const summary = summarize(await runLoad(LOAD, { poster: mangling }))
    expect(summary.rejected).toBeGreaterThan(0)
    expect(summary).toMatchObject({ holds: true, accepted: stored.length })
    expect(summary.accepted + summary.rejected).toBe(summary.captured)
  })

  it('does not add up where the ingest refuses the key: the SDK stops, and cannot tell what it gave up', async () => {
    const { stored, posterTo } = await ingest()
    const report = await runLoad(LOAD, { poster: posterTo('pk_nobody') })
    const summary = summarize(report)
    expect(report.answers).toEqual({ 403: 30 })
    expect(summary).toMatchObject({ holds: false, accepted: 0, untold: summary.captured })
    expect(stored).toEqual([])
  })

  it.each([
    ['takes less than it was sent', '{"accepted":0,"rejected":[]}'],
    ['is no JSON', 'ok'],
  ])('does not add up where a receipt %s', async (_, text) => {
    const lying: Pick<Poster, 'post'> = { post: async () => ({ status: 202, retryAfterMs: 0, text }) }
    const report = await runLoad({ ...LOAD, views: 3 }, { poster: lying })
    expect(report.oddReceipts).toBe(report.requests)
    expect(summarize(report).holds).toBe(false)
  })

  it('does not add up where nothing ever answers, and gives up when it was told to', async () => {
    const dead: Pick<Poster, 'post'> = { post: () => Promise.reject(new Error('refused')) }
    const report = await runLoad({ ...LOAD, views: 3, drainMs: 300 }, { poster: dead })
    const summary = summarize(report)
    expect(summary).toMatchObject({ holds: false, accepted: 0, waiting: summary.captured })
    expect(report.drainSeconds).toBeLessThan(5)
  })

  it('that is stopped ends its views and still adds up', async () => {
    const { stored, poster } = await ingest()
    const stopper = new AbortController()
    setTimeout(() => stopper.abort(), 500)
    const load = { ...LOAD, views: 10_000, minutes: 600, spreadMinutes: 600, speed: 10 }
    const report = await runLoad(load, { poster, signal: stopper.signal })
    expect(report.stopped).toBe(true)
    expect(report.begun).toBeLessThan(100)
    expect(summarize(report)).toMatchObject({ holds: true, accepted: stored.length })
  })

  it('begins nothing when it was stopped before', async () => {
    const { poster } = await ingest()
    const report = await runLoad(LOAD, { poster, signal: AbortSignal.abort() })
    expect(report).toMatchObject({ begun: 0, requests: 0, stopped: true })
  })
})
