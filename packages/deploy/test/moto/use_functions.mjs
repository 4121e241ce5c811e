// Runs the built functions, each in the environment that the template gives it, against what the template made in moto.
// Called by scripts/testDeploy.mjs: `use_functions.mjs <what create_stack.py wrote> <ingest's bundle> <folder of the sinks'>`; with
// a fourth argument, in a process of its own, it calls one function.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

const [made, bundle, sinks, call] = process.argv.slice(2)
const batch = JSON.parse(
  readFileSync(new URL('../../../schema/vectors/1.0/valid/every-type.json', import.meta.url), 'utf8'),
)

const toEvent = (body) => ({
  version: '2.0',
  routeKey: 'POST /v1/events',
  rawPath: '/v1/events',
  rawQueryString: 'key=pk_demo',
  headers: { 'content-type': 'text/plain', origin: 'https://www.pub.example' },
  queryStringParameters: { key: 'pk_demo' },
  requestContext: {
    requestId: 'test',
    http: { method: 'POST', path: '/v1/events', sourceIp: '192.0.2.1', userAgent: '' },
  },
  body: JSON.stringify(body),
  isBase64Encoded: false,
})

const toStreamEvent = (records) => ({
  Records: records.map((data, index) => ({
    kinesis: {
      kinesisSchemaVersion: '1.0',
      partitionKey: 'key',
      sequenceNumber: String(100 + index),
      data: Buffer.from(data).toString('base64'),
      approximateArrivalTimestamp: 1790000036.2,
    },
    eventSource: 'aws:kinesis',
    eventID: `shardId-000000000000:${100 + index}`,
  })),
})

const context = { getRemainingTimeInMillis: () => 15_000 }

/** What is called in a process of its own: a function keeps its environment from the first call on. */
const calls = {
  async post(run) {
    const [first, ...others] = batch.events
    const answers = [
      await run(toEvent(batch), context),
      await run(toEvent({ ...batch, events: [{ ...first, t_ms: 'soon' }, ...others] }), context),
    ]
    return answers.map(({ statusCode, body }) => {
      const { accepted, rejected } = JSON.parse(body)
      return `${statusCode}: ${accepted} accepted, ${rejected?.length} rejected`
    })
  },
  async archive(run) {
    const record = { v: 1, received_at: 1790000036200, publisher: 'demo', client: {}, batch }
    const { batchItemFailures } = await run(toStreamEvent([JSON.stringify(record), 'poison']), context)
    return [`${batchItemFailures.length} handed back`]
  },
  async drain(run) {
    const { found, drained, records } = await run({}, context)
    return [`${found} found, ${drained} drained, ${records} records`]
  },
}

const SERVICES = { Kinesis_20131202: 'kinesis', Firehose_20150804: 'firehose', AmazonSSM: 'ssm' }
const OBJECT_ACTIONS = { PUT: 's3:PutObject', GET: 's3:GetObject', DELETE: 's3:DeleteObject' }

/** The permission that a call needs. Of S3 also on what. */
const neededFor = ({ method, url, headers }) => {
  const [service, action] = (headers['x-amz-target'] ?? '').split('.')
  if (SERVICES[service]) return { action: `${SERVICES[service]}:${action}` }
  const [path, query] = url.slice(1).split('?')
  if (query?.startsWith('list-type')) return { action: 's3:ListBucket', resource: path.replace(/\/$/, '') }
  return { action: OBJECT_ACTIONS[method] ?? `${method} ${url}`, resource: decodeURIComponent(path) }
}

const matches = (pattern, arn) =>
  new RegExp(
    `^${pattern
      .split('*')
      .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
      .join('.*')}$`,
  ).test(arn)

const isAllowed = (permissions, { action, resource }) =>
  permissions.some(
    ({ Action, Resource }) =>
      Action.includes(action) &&
      (resource === undefined || Resource.some((pattern) => matches(pattern, `arn:aws:s3:::${resource}`))),
  )

/** A server before moto that hands everything on and keeps what it would have needed: moto itself enforces no role. */
const watch = async (endpoint) => {
  const needed = []
  const server = createServer(async (request, response) => {
    needed.push(neededFor(request))
    const chunks = await request.toArray()
    const { host, connection, ...headers } = request.headers
    const answer = await fetch(endpoint + request.url, {
      method: request.method,
      headers,
      ...(chunks.length > 0 && { body: Buffer.concat(chunks) }),
    })
    response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? 'text/plain' })
    response.end(Buffer.from(await answer.arrayBuffer()))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { url: `http://127.0.0.1:${server.address().port}`, needed, close: () => server.close() }
}

const runCall = async (call, environment) => {
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url), made, bundle, sinks, call], {
    env: { ...process.env, ...environment, AWS_LAMBDA_RUNTIME_API: 'none' },
  })
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)])
  return { answer: stdout.trim().split('\n').at(-1), output: stdout + stderr }
}

const check = async ({ title, of, instead, call, wanted }) => {
  const moto = await watch(process.env.AWS_ENDPOINT_URL)
  const environment = { ...of.environment, ...instead, _HANDLER: of.handler, AWS_ENDPOINT_URL: moto.url }
  const { answer, output } = await runCall(call, environment)
  moto.close()
  const refused = moto.needed.filter((need) => !isAllowed(of.permissions, need))
  if (answer === JSON.stringify(wanted) && refused.length === 0) {
    const used = [...new Set(moto.needed.map(({ action }) => action))].toSorted()
    return console.log(`${title} (${used.join(', ')})`)
  }
  console.error(`WRONG: ${title}\n  wanted ${JSON.stringify(wanted)}\n${output}`)
  for (const need of refused) console.error(`  its role does not allow ${JSON.stringify(need)}`)
  process.exit(1)
}

if (call) {
  const [file, name] = process.env._HANDLER.split('.')
  // As in the zip, where all are side by side.
  const exported = await import(file === 'index' ? bundle : join(sinks, `${file}.mjs`))
  // After what the functions themselves write.
  console.log(JSON.stringify(await calls[call](exported[name])))
} else {
  const { functions } = JSON.parse(readFileSync(made, 'utf8'))
  const { length } = batch.events
  const steps = [
    {
      title: 'the ingest answers, with one good batch and one that has a bad event',
      of: functions.Ingest,
      call: 'post',
      wanted: [`202: ${length} accepted, 0 rejected`, `202: ${length - 1} accepted, 1 rejected`],
    },
    {
      title: 'the ingest spills what a stream that is gone does not take',
      of: functions.Ingest,
      instead: { VIEWBEAT_STREAM: 'gone' },
      call: 'post',
      wanted: [`202: ${length} accepted, 0 rejected`, `202: ${length - 1} accepted, 1 rejected`],
    },
    {
      title: 'the drain puts that on the stream',
      of: functions.Drain,
      call: 'drain',
      wanted: ['2 found, 2 drained, 2 records'],
    },
    {
      title: 'the archive keeps a record, and what is none goes to quarantine',
      of: functions.Archive,
      call: 'archive',
      wanted: ['0 handed back'],
    },
  ]
  for (const step of steps) await check(step)
}
