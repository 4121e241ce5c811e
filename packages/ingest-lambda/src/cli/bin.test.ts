import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import minimal from '../../../schema/vectors/1.0/valid/minimal.json' with { type: 'json' }

const at = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url))

const start = (...args: string[]) => {
  const child = spawn(process.execPath, [at('bin/viewbeat-quarantine.js'), ...args])
  const output = { out: '', err: '' }
  child.stdout.on('data', (chunk) => {
    output.out += chunk
  })
  child.stderr.on('data', (chunk) => {
    output.err += chunk
  })
  return { child, output, ended: once(child, 'close') as Promise<[number | null]> }
}

it('the command ends in order when it is interrupted, and goes on where it was', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'viewbeat-bin-'))
  const entries = Array.from({ length: 50 }, (_, seq) => ({
    v: 1,
    stage: 'ingest',
    publisher: 'demo',
    received_at: 1790000040000,
    rejections: [{ code: 'missing', path: '/x', message: 'Required' }],
    batch: { ...minimal, events: [{ ...minimal.events[0], seq }] },
  }))
  writeFileSync(join(folder, 'x.ndjson'), entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''))
  const came: number[] = []
  let interrupt = () => {}
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    came.push(JSON.parse(body).events[0].seq)
    if (came.length === 3) interrupt()
    // It is on its way when the signal comes, and must be waited for.
    setTimeout(() => response.writeHead(202).end('{"accepted":1,"rejected":[]}'), came.length === 3 ? 200 : 0)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const to = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/events?key=pk_demo`
  try {
    const first = start('redrive', folder, '--to', to, '--rate', '1000/s')
    interrupt = () => void first.child.kill('SIGINT')
    expect(await first.ended, first.output.err).toEqual([1, null])
    expect(first.output.out).toContain('3 events landed in 3 posts')
    expect(first.output.err).toContain('run it again to go on from here')
    expect(readFileSync(join(folder, '.redriven.ndjson'), 'utf8').trimEnd().split('\n')).toHaveLength(3)

    const second = start('redrive', folder, '--to', to, '--rate', '1000/s')
    expect(await second.ended, second.output.err).toEqual([0, null])
    expect(second.output.out).toContain('47 events landed in 47 posts, 3 before, 0 left')
    expect(came).toEqual(Array.from({ length: 50 }, (_, seq) => seq))
  } finally {
    server.closeAllConnections()
    server.close()
  }
}, 30_000)
