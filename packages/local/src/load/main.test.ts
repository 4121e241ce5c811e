import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { decodeRecord } from '@viewbeat/schema'
import { afterEach, describe, expect, it } from 'vitest'
import { main } from './main.ts'
import { startIngest } from './startIngest.ts'

const run = async (argv: string[], signal?: AbortSignal) => {
  const out: string[] = []
  const err: string[] = []
  const output = {
    out: (line: string) => out.push(line),
    err: (line: string) => err.push(line),
    status: () => {},
    interactive: false,
  }
  const code = await main(argv, output, signal)
  return { code, out: out.join('\n'), err: err.join('\n') }
}

const open: (() => unknown)[] = []
afterEach(async () => {
  for (const close of open.splice(0)) await close()
})

const FEW = ['--views', '5', '--minutes', '1', '--speed', '200x', '--drain', '5', '--patience', '1']

/** The ingest, and a store beside it as the local pipeline has one, which forgets some of what it should keep. */
const pipeline = async (forget = (_seq: number) => false) => {
  const views = new Map<string, Set<number>>()
  const ingest = await startIngest({
    putRecords: async (records) => {
      for (const { data } of records) {
        const decoded = decodeRecord(data)
        if (!decoded.ok) throw new Error('no record')
        const { view_id, events } = decoded.record.batch
        const seqs = views.get(view_id) ?? new Set()
        views.set(view_id, seqs)
        for (const { seq } of events) if (!forget(seq)) seqs.add(seq)
      }
      return { left: [], retried: 0 }
    },
  })
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url!, ingest.url)
    if (pathname.startsWith('/v1/')) {
      const chunks: Buffer[] = []
      for await (const chunk of request) chunks.push(chunk as Buffer)
      const { host: _, 'content-length': __, connection: ___, ...headers } = request.headers
      const answer = await fetch(new URL(request.url!, ingest.url), {
        method: 'POST',
        headers: headers as Record<string, string>,
        body: Buffer.concat(chunks),
      })
      response.writeHead(answer.status).end(await answer.text())
      return
    }
    const seqs = views.get(pathname.split('/').at(-1)!)
    const accounting = { delivered: seqs?.size, quarantined: 0, dropped: 0 }
    response.end(JSON.stringify(pathname === '/api/views' ? { views: [] } : { accounting }))
  })
  server.listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  open.push(
    () => server.closeAllConnections(),
    () => server.close(),
    ingest.stop,
  )
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

describe('the command load', { timeout: 60_000 }, () => {
  it('reports, and says that the account adds up', async () => {
    const { url, stop } = await startIngest({})
    open.push(stop)
    const { code, out } = await run([...FEW, '--target', url])
    expect(code).toBe(0)
    expect(out).toMatch(/latency +p50 [\d.]+ m?s, p90 .* p99 /)
    expect(out).toMatch(/captured ([\d,]+) = accepted \1 \+ rejected 0 \+ reported dropped 0/)
    expect(out).not.toContain('store')
  })

  it('compares with what the local pipeline has stored', async () => {
    const { code, out } = await run([...FEW, '--target', await pipeline()])
    expect(out).toMatch(/The store has all of it: [\d,]+ events in 5 views/)
    expect(code).toBe(0)
  })

  it('fails when the store lacks what the ingest accepted, and names the view', async () => {
    const { code, out } = await run([...FEW, '--target', await pipeline((seq) => seq === 2)])
    expect(out).toMatch(/The store does not have all of it/)
    expect(out).toMatch(/view [0-9A-Z]{26}: accepted \d+, stored \d+/)
    expect(code).toBe(1)
  })

  it('fails when the key is not known', async () => {
    const { url, stop } = await startIngest({})
    open.push(stop)
    const { code, out } = await run([...FEW, '--target', url, '--key', 'pk_nobody'])
    expect(code).toBe(1)
    expect(out).toMatch(/answers +403 5/)
    expect(out).toMatch(/does not add up.*given up by the SDK/)
  })

  it('answers machines the same', async () => {
    const { url, stop } = await startIngest({})
    open.push(stop)
    const { out } = await run([...FEW, '--target', url, '--json'])
    const answer = JSON.parse(out)
    expect(answer).toMatchObject({ begun: 5, holds: true, rejected: 0 })
    expect(answer.accepted).toBe(answer.captured)
  })

  it('says at once that nothing answers', async () => {
    const { url, stop } = await startIngest({})
    await stop()
    const { code, err, out } = await run([...FEW, '--target', url])
    expect(err).toContain(`--target: nothing answers at ${url} (ECONNREFUSED)`)
    expect({ code, out }).toEqual({ code: 2, out: '' })
  })

  it.each([
    ['--views', '0'],
    ['--views', '1.5'],
    ['--speed', '0'],
    ['--speed', 'fast'],
    ['--minutes', ''],
    ['--target', 'nowhere'],
    ['--target', 'ftp://example.com'],
    ['--concurrency', '-1'],
    ['--colour', 'red'],
  ])('names the option that is wrong: %s %s', async (option, value) => {
    const { code, err, out } = await run([`${option}=${value}`])
    expect(code).toBe(2)
    expect(err).toContain(option)
    expect(out).toBe('')
  })
})
