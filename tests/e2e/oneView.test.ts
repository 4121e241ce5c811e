import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { decodeRecord, encodeRecord, type StreamRecord } from '@viewbeat/schema'
import type { Timeline } from '@viewbeat/sinks'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { kinesisShardReader } from '../../packages/local/src/mapping/kinesisShardReader.ts'
import { startKinesis } from '../../packages/local/src/stream/startKinesis.ts'
import everyType from '../../packages/schema/vectors/1.0/valid/every-type.json' with { type: 'json' }
import { root } from '../root.ts'
import { eventually, newDataDir, type Pipeline, startPipeline } from './pipeline.ts'

/** Runs a command line of the repository; resolves with what it said. */
const run = async (script: string, args: string[], env: Record<string, string> = {}) => {
  const child = spawn(process.execPath, [script, ...args], { cwd: root, env: { ...process.env, ...env } })
  const output = { out: '', err: '' }
  child.stdout.on('data', (chunk) => {
    output.out += chunk
  })
  child.stderr.on('data', (chunk) => {
    output.err += chunk
  })
  const [code] = await once(child, 'close')
  return { code, ...output }
}

describe('one view', () => {
  let pipeline: Pipeline
  beforeAll(async () => {
    pipeline = await startPipeline(await newDataDir())
  })
  afterAll(() => pipeline?.process.kill('SIGINT'))

  const view_id = '01K5M0PV40ZZZZZZZZZZZZZZ77'
  const post = async (from: number, to: number, sent_at: number, instead: object = {}) => {
    const events = everyType.events.slice(from, to).map((event) => ({ ...event, ...instead }))
    const body = JSON.stringify({ ...everyType, view_id, sent_at, dropped: {}, events })
    const { status } = await fetch(`${pipeline.url}/v1/events?key=pk_demo`, { method: 'POST', body })
    expect(status).toBe(202)
  }

  it('is told by the pipeline and drawn by the command: its events, its gaps, and the way of its batches', async () => {
    const began = Date.now()
    await post(0, 8, began - 300)
    await post(8, 9, began - 200, { t_ms: -1 })
    await post(10, 29, began - 100)
    const timeline = await eventually(async () => {
      const answer = await fetch(`${pipeline.url}/api/views/${view_id}`)
      const timeline = answer.ok ? ((await answer.json()) as Timeline) : undefined
      return timeline?.accounting.delivered === 27 && timeline.accounting.quarantined === 1
        ? timeline
        : undefined
    }, 'the whole view')
    expect(timeline).toMatchObject({
      view: { view_id, outcome: 'quit' },
      metrics: { startup_ms: 420, rebuffer_count: 1 },
      captured: 29,
      missing: 1,
      gaps: [
        {
          from_seq: 8,
          to_seq: 8,
          why: 'quarantined',
          refused: [{ stage: 'ingest', path: '/events/0/t_ms' }],
        },
        { from_seq: 9, to_seq: 9, why: 'not_yet' },
      ],
      batches: [
        { first_seq: 0, last_seq: 7, sent_at: began - 300 },
        { first_seq: 10, last_seq: 28, sent_at: began - 100 },
      ],
    })
    for (const { received_at, stored_at } of timeline.batches) {
      expect(received_at).toBeGreaterThanOrEqual(began)
      expect(stored_at).toBeGreaterThanOrEqual(received_at)
    }

    const { code, out, err } = await run('scripts/view.mjs', [view_id, '--url', pipeline.url])
    expect(code, err).toBe(0)
    expect(out).toContain(
      '29 events captured = 27 delivered + 1 quarantined + 0 reported dropped + 1 missing',
    )
    expect(out).toMatch(/╌╌ 1 event not here, #8: in quarantine\n +ingest: too_small at \/events\/0\/t_ms/)
    expect(out).toMatch(/^▌ +0:09\.000 .* rebuffer_start/m)
    // No colours where nobody looks.
    expect(out).not.toContain('\u001b')
  })

  it('that is not there is said so', async () => {
    const { code, err } = await run('scripts/view.mjs', ['01K5M0PV40ZZZZZZZZZZZZZZ78', '--url', pipeline.url])
    expect(code).toBe(1)
    expect(err).toContain('no such view')
  })
})

describe('what a sink refused', () => {
  it('goes on a real stream again once, as it was, and not when it is run again', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'viewbeat-redrive-'))
    const stream = await startKinesis(join(folder, 'kinesis'), () => {})
    try {
      const records = ['search', 'archive', 'store'].map((stage, at) => ({
        stage,
        record: {
          ...{ v: 1, received_at: 1790000036200, publisher: 'demo', client: { country: 'NL' } },
          batch: { ...everyType, view_id: `01K5M0PV40ZZZZZZZZZZZZZZ8${at}` },
        } as unknown as StreamRecord,
      }))
      const entries = records.map(({ stage, record }, at) => ({
        ...{ v: 1, stage, received_at: 1790000036200, sequence_number: String(100 + at) },
        rejections: [{ code: 'not_stored', path: '', message: '' }],
        body_base64: Buffer.from(encodeRecord(record)).toString('base64'),
      }))
      const kept = join(folder, 'quarantine')
      await mkdir(kept)
      const lines = [...entries, entries[0]].map((entry) => `${JSON.stringify(entry)}\n`)
      await writeFile(join(kept, 'entries.ndjson'), lines.join(''))
      const args = ['redrive', kept, '--to-stream', stream.streamName, '--state', join(folder, '.state')]
      const first = await run('scripts/quarantine.mjs', args, stream.environment)
      expect(first.out, first.err).toContain('87 events landed in 3 records, 29 before, 0 left')
      expect(first.code).toBe(0)
      const again = await run('scripts/quarantine.mjs', args, stream.environment)
      expect(again.out, again.err).toContain('0 events landed in 0 records, 116 before, 0 left')

      const reader = kinesisShardReader({ ...stream, log: () => {} })
      const found: StreamRecord[] = []
      for (const { shardId } of await reader.listShards()) {
        let last: string | undefined
        for (let tries = 0; tries < 3; tries++) {
          const { items } = await reader.read(shardId, last, 100)
          for (const { data } of items) {
            const decoded = decodeRecord(data)
            if (decoded.ok) found.push(decoded.record)
          }
          last = items.at(-1)?.sequenceNumber ?? last
          await sleep(100)
        }
      }
      expect(found.toSorted((a, b) => (a.batch.view_id < b.batch.view_id ? -1 : 1))).toEqual(
        records.map(({ record }) => record),
      )
    } finally {
      await stream.stop()
    }
  })
})
