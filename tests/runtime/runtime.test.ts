import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { decodeRecord, MAX_BATCHES_PER_BODY, MAX_BODY_BYTES, type StreamRecord } from '@viewbeat/schema'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { gatewayEvent } from '../../packages/ingest-lambda/test/gatewayEvent.ts'
import { freePorts } from '../../packages/local/src/stream/freePorts.ts'
import { type LocalStream, startKinesis } from '../../packages/local/src/stream/startKinesis.ts'
import { readStream } from '../faults/readStream.ts'
import { emulator } from './installed.ts'
import { type Arrival, arrivalsOf, batchOf, cmcdArrivalsOf, gateways, isWhole } from './matrix.ts'
import { secure } from './secure.ts'
import { startEmulated } from './startEmulated.ts'
import { type RunningFunction, startFunction } from './startFunction.ts'
import { unpackBundle } from './unpackBundle.ts'

let folder: string
let task: string
let stream: LocalStream
let tls: Awaited<ReturnType<typeof secure>>
let good: Record<string, string>
const running: RunningFunction[] = []
const measured: Record<string, string> = {}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'viewbeat-runtime-'))
  task = await unpackBundle(folder)
  stream = await startKinesis(join(folder, 'kinesis'))
  tls = await secure(new URL(stream.environment.AWS_ENDPOINT_URL_KINESIS!), folder)
  good = {
    AWS_ENDPOINT_URL_KINESIS: tls.url,
    NODE_EXTRA_CA_CERTS: tls.certificate,
    VIEWBEAT_STREAM: stream.streamName,
    VIEWBEAT_KEYS: '{"pk_demo":{"publisher":"demo","origins":["*"]}}',
    VIEWBEAT_QUARANTINE: `file:${join(folder, 'quarantine')}`,
    VIEWBEAT_SPILL: `file:${join(folder, 'spill')}`,
  }
})
afterEach(async () => {
  for (const one of running.splice(0)) await one.stop()
})
afterAll(async () => {
  console.log(
    Object.entries(measured)
      .map(([what, figure]) => `${what}: ${figure}`)
      .join('\n'),
  )
  tls?.stop()
  await stream?.stop()
  await rm(folder, { recursive: true, force: true })
})

const start = async (handler: string, environment: Record<string, string>) => {
  const started = await startFunction(handler, task, environment)
  running.push(started)
  return started
}

const startReady = async (handler: string, environment: Record<string, string>) => {
  const started = await start(handler, environment)
  return { ...started, init_ms: await started.started() }
}

/** An answer of the ingest to an invocation; throws where the function failed. */
const answerOf = (invocation: Awaited<ReturnType<RunningFunction['invoke']>>) => {
  if (!invocation.ok) throw new Error(invocation.error)
  const { statusCode, body = '{}' } = JSON.parse(invocation.answer) as { statusCode: number; body?: string }
  return { statusCode, receipt: JSON.parse(body) as { accepted?: number; rejected?: unknown[] } }
}

const recordsOnStream = async (): Promise<StreamRecord[]> =>
  (await readStream(stream)).map(({ data }) => {
    const decoded = decodeRecord(data)
    if (!decoded.ok) throw new Error(decoded.rejection.message)
    return decoded.record
  })

const contentsOnStream = async () => (await recordsOnStream()).map(({ batch }) => batch.context.content.id)

const median = (numbers: number[]) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)]!

/** Posts a function's arrivals one after another; answers what it took and how long. */
const postAll = async (ingest: RunningFunction, arrivals: Arrival[]) => {
  const taken: number[] = []
  for (const { way, event, contents } of arrivals) {
    const invocation = await ingest.invoke(event)
    expect(answerOf(invocation), way).toEqual({
      statusCode: 202,
      receipt: { accepted: contents.length, rejected: [] },
    })
    taken.push(invocation.ms)
  }
  return taken
}

describe('the built ingest in the runtime of Lambda, its stream behind TLS', () => {
  it.each(gateways)('takes batches and CMCD in every way that %s hands them over', async (gateway) => {
    const arrivals = [...arrivalsOf(gateway), ...cmcdArrivalsOf(gateway)]
    const ingest = await startReady('index.handler', good)
    const cpuBefore = await ingest.cpu()
    const taken = await postAll(ingest, arrivals)
    measured[gateway] =
      `${arrivals.length} invocations, first ${taken[0]!.toFixed(0)} ms, median ${median(taken).toFixed(1)} ms, ` +
      `CPU ${(((await ingest.cpu()) - cpuBefore) / arrivals.length).toFixed(1)} ms each; ` +
      `start ${ingest.init_ms} ms, CPU ${cpuBefore} ms`

    const records = (await recordsOnStream()).filter(({ batch }) =>
      batch.context.content.id.startsWith(`${gateway}, `),
    )
    const ids = records.map(({ batch }) => batch.context.content.id)
    expect(ids.toSorted()).toEqual(arrivals.flatMap(({ contents }) => contents).toSorted())
    for (const { publisher, batch } of records) {
      expect(publisher).toBe('demo')
      if (batch.sdk.name === 'x') expect(isWhole(batch.context.content), batch.context.content.id).toBe(true)
    }
  })

  it('answers what is no batch with 400, in the same runtime that then takes a good one', async () => {
    const ingest = await startReady('index.handler', good)
    expect(answerOf(await ingest.invoke(gatewayEvent({ body: 'no batch' })))).toMatchObject({
      statusCode: 400,
    })
    const body = JSON.stringify(batchOf('after a bad one'))
    expect(answerOf(await ingest.invoke(gatewayEvent({ body })))).toMatchObject({ statusCode: 202 })
    expect(await contentsOnStream()).toContain('after a bad one')
  })

  it('says its metrics on standard output, and nothing of what was sent', async () => {
    const ingest = await startReady('index.handler', good)
    const body = JSON.stringify({ ...batchOf('a secret'), events: [{ seq: 0 }] })
    expect(answerOf(await ingest.invoke(gatewayEvent({ body })))).toMatchObject({ statusCode: 202 })
    expect(ingest.output()).toContain('"Namespace":"Viewbeat"')
    expect(ingest.output()).toContain('EventsRejected')
    expect(ingest.output()).not.toMatch(/a secret|192\.0\.2\.1/)
  })

  it('takes a body as large as bodies may be, every batch of it', async () => {
    const ingest = await startReady('index.handler', good)
    const contents = Array.from(
      { length: MAX_BATCHES_PER_BODY },
      (_, index) => `of a large body, no. ${index}`,
    )
    const filler = 'ü'.repeat(MAX_BODY_BYTES / MAX_BATCHES_PER_BODY / 2 - 300)
    const lines = contents.map((id) =>
      JSON.stringify({ ...batchOf(id), events: [{ ...batchOf(id).events[0], filler }] }),
    )
    const body = lines.join('\n')
    expect(Buffer.byteLength(body)).toBeGreaterThan(MAX_BODY_BYTES * 0.9)
    const invocation = await ingest.invoke(gatewayEvent({ body }))
    expect(answerOf(invocation)).toEqual({
      statusCode: 202,
      receipt: { accepted: contents.length, rejected: [] },
    })
    expect(await contentsOnStream()).toEqual(expect.arrayContaining(contents))
    measured['largest body'] = `${Buffer.byteLength(body)} bytes, ${invocation.ms.toFixed(0)} ms`
  })

  it('answers hundreds of invocations one after another in the same process', async () => {
    const ingest = await startReady('index.handler', good)
    const spend = async (event: unknown, count: number) => {
      const before = await ingest.cpu()
      const taken: number[] = []
      for (let done = 0; done < count; done++) {
        const invocation = await ingest.invoke(event)
        expect(answerOf(invocation).statusCode).toBeLessThan(300)
        taken.push(invocation.ms)
      }
      return `${count} invocations, median ${median(taken).toFixed(2)} ms, CPU ${(((await ingest.cpu()) - before) / count).toFixed(2)} ms each`
    }
    const post = gatewayEvent({ body: JSON.stringify(batchOf('again and again')) })
    await spend(post, 100)
    measured['warm, a batch'] = await spend(post, 300)
    measured['warm, health'] = await spend(
      gatewayEvent({ method: 'GET', path: '/v1/health', key: null }),
      300,
    )
  })
})

describe('a stream that is away', () => {
  let silent: Server
  afterEach(() => void silent?.close())

  it('makes the ingest spill, and the drain brings what was spilled to the stream', async () => {
    const [dead] = await freePorts(1)
    const spill = join(folder, 'spill-1')
    const away = {
      ...good,
      AWS_ENDPOINT_URL_KINESIS: `http://127.0.0.1:${dead}`,
      VIEWBEAT_SPILL: `file:${spill}`,
    }
    const ingest = await startReady('index.handler', away)
    const invocation = await ingest.invoke(gatewayEvent({ body: JSON.stringify(batchOf('spilled')) }))
    expect(answerOf(invocation)).toEqual({ statusCode: 202, receipt: { accepted: 1, rejected: [] } })
    expect(await contentsOnStream()).not.toContain('spilled')

    const drain = await startReady('index.drain', { ...good, VIEWBEAT_SPILL: `file:${spill}` })
    const drained = await drain.invoke({ source: 'aws.scheduler' })
    expect(drained).toMatchObject({ ok: true })
    expect(await contentsOnStream()).toContain('spilled')
    expect((await readdir(spill, { recursive: true })).filter((name) => name.endsWith('.ndjson'))).toEqual([])
    expect(drain.output()).toContain('SpillDrained')
  })

  it('and never answers is given up before the time of the function is over', async () => {
    const [port] = await freePorts(1)
    silent = createServer(() => {}).listen(port, '127.0.0.1')
    const spill = join(folder, 'spill-2')
    const hanging = {
      ...good,
      AWS_ENDPOINT_URL_KINESIS: `http://127.0.0.1:${port}`,
      VIEWBEAT_SPILL: `file:${spill}`,
    }
    const ingest = await startReady('index.handler', hanging)
    const time_ms = 6000
    const body = JSON.stringify(batchOf('spilled in time'))
    const invocation = await ingest.invoke(gatewayEvent({ body }), time_ms)
    expect(answerOf(invocation)).toMatchObject({ statusCode: 202 })
    expect(invocation.ms).toBeLessThan(time_ms)
    expect(await contentsOnStream()).not.toContain('spilled in time')
    measured['silent stream, 6 s left'] = `answered after ${invocation.ms.toFixed(0)} ms`
  })
})

describe('a bad configuration', () => {
  it.each([
    ['index.handler', 'VIEWBEAT_STREAM', { VIEWBEAT_STREAM: '' }],
    ['index.handler', 'VIEWBEAT_KEYS', { VIEWBEAT_KEYS: '' }],
    ['index.handler', 'VIEWBEAT_KEYS', { VIEWBEAT_KEYS: '{"pk_demo":{"publisher":"demo"}}' }],
    ['index.handler', 'VIEWBEAT_QUARANTINE', { VIEWBEAT_QUARANTINE: 'somewhere' }],
    ['index.handler', 'VIEWBEAT_SPILL', { VIEWBEAT_SPILL: 'somewhere' }],
    ['index.drain', 'VIEWBEAT_SPILL', { VIEWBEAT_SPILL: '' }],
  ])('of %s fails the start, and the error names %s', async (handler, variable, wrong) => {
    const { initError, exited } = await start(handler, { ...good, ...wrong })
    expect(await initError).toMatchObject({
      type: 'ConfigurationError',
      errorMessage: expect.stringContaining(`${variable}: `),
    })
    const [code] = await exited
    expect(code).not.toBe(0)
  })
})

describe.skipIf(!emulator)("under AWS's Runtime Interface Emulator, the built ingest", () => {
  it.each(gateways)('takes batches and CMCD in every way that %s hands them over', async (gateway) => {
    const arrivals = [...arrivalsOf(gateway), ...cmcdArrivalsOf(gateway)]
    const contents = async () => (await contentsOnStream()).filter((id) => id.startsWith(`${gateway}, `))
    const before = await contents()
    const emulated = await startEmulated('index.handler', task, good)
    try {
      for (const { way, event, contents } of arrivals) {
        const answer = answerOf({ ok: true, answer: await emulated.invoke(event), ms: 0 })
        expect(answer, way).toEqual({
          statusCode: 202,
          receipt: { accepted: contents.length, rejected: [] },
        })
      }
    } finally {
      await emulated.stop()
    }
    const expected = [...before, ...arrivals.flatMap(({ contents }) => contents)]
    expect((await contents()).toSorted()).toEqual(expected.toSorted())
  })
})
