import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdir } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { CreateStreamCommand, DescribeStreamSummaryCommand, KinesisClient } from '@aws-sdk/client-kinesis'
import { NodeHttpHandler } from '@smithy/node-http-handler'
import { freePorts } from './freePorts.ts'
import { setTornAside } from './setTornAside.ts'

/** A running stream. */
export interface LocalStream {
  client: KinesisClient
  /** What tells a function where it is, in AWS's own variables. */
  environment: Record<string, string>
  streamName: string
  /** Tells one stream from another of the same name: checkpoints of an older one mean nothing to it. */
  createdAt: number
  /** Resolves when its process has ended, by itself or by `stop`. */
  ended: Promise<void>
  stop(): Promise<void>
}

const STREAM = 'viewbeat'
const SHARDS = 2
const REGION = 'us-east-1'
const CREDENTIALS = { accessKeyId: 'local', secretAccessKey: 'local' }
const READY_WITHIN_MS = 30_000

const installed = dirname(createRequire(import.meta.url).resolve('kinesis-local'))

/** Waits until the stream can be used, making it first where there is none. */
const ensureStream = async (client: KinesisClient, isGone: () => boolean): Promise<number> => {
  for (const deadline = Date.now() + READY_WITHIN_MS; Date.now() < deadline && !isGone(); await sleep(50)) {
    try {
      const { StreamDescriptionSummary: stream } = await client.send(
        new DescribeStreamSummaryCommand({ StreamName: STREAM }),
      )
      if (stream?.StreamStatus === 'ACTIVE') return stream.StreamCreationTimestamp?.getTime() ?? 0
    } catch (error) {
      if ((error as Error).name === 'ResourceNotFoundException')
        await client.send(new CreateStreamCommand({ StreamName: STREAM, ShardCount: SHARDS }))
    }
  }
  throw new Error('kinesis-local did not get ready')
}

/**
 * Starts kinesis-local in a process of its own, its data kept in `folder`, with one stream of two shards. It saves its state
 * once a second, so that what it has acknowledged may be gone after a crash: put a journal in front of it.
 */
export const startKinesis = async (
  folder: string,
  log: (message: string) => void = () => {},
): Promise<LocalStream> => {
  await mkdir(folder, { recursive: true })
  const aside = await setTornAside(folder, Date.now)
  if (aside) log(`stream: its state was torn by a crash and is kept as ${aside}; a new stream begins`)
  const [plainPort, tlsPort] = await freePorts(2)
  // Detached, because Ctrl-C reaches the whole process group, and the stream must outlive the last reads from it.
  const child = fork(fileURLToPath(new URL('kinesisProcess.mjs', import.meta.url)), {
    detached: true,
    execArgv: [],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    env: {
      ...process.env,
      KINESIS_MOCK_CERT_PATH: join(installed, 'server.json'),
      KINESIS_MOCK_PLAIN_PORT: String(plainPort),
      KINESIS_MOCK_TLS_PORT: String(tlsPort),
      SHOULD_PERSIST_DATA: 'true',
      PERSIST_PATH: folder,
      PERSIST_INTERVAL: '1s',
      CREATE_STREAM_DURATION: '10ms',
      LOG_LEVEL: 'ERROR',
    },
  })
  const ended = once(child, 'exit').then(() => {})
  const endpoint = `http://127.0.0.1:${plainPort}`
  const client = new KinesisClient({
    region: REGION,
    endpoint,
    credentials: CREDENTIALS,
    requestHandler: new NodeHttpHandler(),
  })
  const stop = async () => {
    // It waits for open connections when asked to end, so they go first.
    client.destroy()
    child.kill('SIGTERM')
    await Promise.race([ended, sleep(3000, undefined, { ref: false })])
    child.kill('SIGKILL')
  }
  try {
    const createdAt = await ensureStream(client, () => child.exitCode !== null)
    const environment = {
      AWS_REGION: REGION,
      AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
      AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
      AWS_ENDPOINT_URL_KINESIS: endpoint,
    }
    return { client, environment, streamName: STREAM, createdAt, ended, stop }
  } catch (error) {
    await stop()
    throw error
  }
}
