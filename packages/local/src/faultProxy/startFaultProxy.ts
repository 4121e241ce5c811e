import { once } from 'node:events'
import { Agent, createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer, json } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { ListShardsCommand } from '@aws-sdk/client-kinesis'
import type { LocalStream } from '../stream/startKinesis.ts'
import { createPut, type ProxiedCall } from './createPut.ts'
import type { ShardThrottle } from './createShardThrottle.ts'
import type { Fault } from './fault.ts'
import { forward, passedOn } from './forward.ts'
import type { PutRecordsAnswer, PutRecordsCall } from './putRecordsCall.ts'

/** A running proxy. */
export interface FaultProxy {
  /** Where a client of the stream sends its calls, over plain HTTP/1.1. */
  url: string
  /** What leads a function through it to the stream, in AWS's own variables. */
  environment: Record<string, string>
  stop(): Promise<void>
}

const JSON_TYPE = 'application/x-amz-json-1.1'

const send = (response: ServerResponse, status: number, body: object) => {
  const bytes = Buffer.from(JSON.stringify(body))
  response.writeHead(status, { 'content-type': JSON_TYPE, 'content-length': bytes.length }).end(bytes)
}

/** The shards that take records; those that were split or merged take none. */
const listShards = async ({ client, streamName }: Pick<LocalStream, 'client' | 'streamName'>) => {
  const { Shards = [] } = await client.send(new ListShardsCommand({ StreamName: streamName }))
  return Shards.filter(({ SequenceNumberRange: range }) => !range?.EndingSequenceNumber)
}

/**
 * Starts a proxy in front of a local stream that has the faults of the service: `choose` says for each PutRecords call
 * what goes wrong with it, and `throttle` holds each shard to its limits. All other calls pass as they are. The shards
 * are those of the start.
 */
export const startFaultProxy = async ({
  stream,
  choose = () => ({ kind: 'none' }),
  throttle = () => true,
  wait = sleep,
  onCall = () => {},
}: {
  stream: Pick<LocalStream, 'client' | 'environment' | 'streamName'>
  choose?: (call: PutRecordsCall) => Fault
  throttle?: ShardThrottle
  wait?: (ms: number) => Promise<unknown>
  onCall?: (call: ProxiedCall) => void
}): Promise<FaultProxy> => {
  const upstream = new URL(stream.environment.AWS_ENDPOINT_URL_KINESIS!)
  const agent = new Agent({ keepAlive: true })
  const put = createPut({ shards: await listShards(stream), choose, throttle, wait, onCall })

  const putRecords = async (request: IncomingMessage, body: Buffer, response: ServerResponse) => {
    // Another encoding would pass without a fault, and a test would think it had met them.
    if (!request.headers['content-type']?.startsWith(JSON_TYPE))
      return send(response, 415, { __type: 'UnsupportedMediaType', message: `Send ${JSON_TYPE}` })
    const call: PutRecordsCall = JSON.parse(body.toString())
    const outcome = await put(call, async (rest) => {
      const answer = await forward(request, Buffer.from(JSON.stringify(rest)), upstream, agent)
      const said = (await json(answer)) as PutRecordsAnswer
      return answer.statusCode === 200
        ? { ok: true, answer: said }
        : { ok: false, status: answer.statusCode ?? 502, body: said }
    })
    if (outcome === 'cut') request.socket.destroy()
    else send(response, outcome.status, outcome.body)
  }

  const server = createServer(async (request, response) => {
    try {
      const body = await buffer(request)
      if (request.headers['x-amz-target'] === 'Kinesis_20131202.PutRecords')
        return await putRecords(request, body, response)
      const answer = await forward(request, body, upstream, agent)
      response.writeHead(answer.statusCode ?? 502, passedOn(answer.rawHeaders))
      answer.pipe(response)
    } catch (error) {
      if (response.headersSent) response.destroy()
      else send(response, 502, { __type: 'BadGateway', message: (error as Error).message })
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url,
    environment: { ...stream.environment, AWS_ENDPOINT_URL_KINESIS: url },
    async stop() {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      agent.destroy()
      await closed
    },
  }
}
