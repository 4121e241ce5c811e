import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gunzipSync } from 'node:zlib'
import {
  CreateBucketCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  type S3Client,
} from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import { startS3 } from '../../test/startS3.ts'
import { aRecord, streamEvent } from '../../test/streamEvent.ts'
import { readArchiveConfig } from './config.ts'
import { createArchiveSink } from './createArchiveSink.ts'
import { createS3Client, s3Store } from './s3Store.ts'

let s3: Awaited<ReturnType<typeof startS3>>
let client: S3Client

beforeAll(async () => {
  s3 = await startS3('archive', 'other')
  for (const [name, value] of Object.entries(s3.environment)) vi.stubEnv(name, value)
  client = createS3Client(s3.environment)
})
afterAll(async () => {
  vi.unstubAllEnvs()
  client.destroy()
  await s3.stop()
})

const keysIn = async (bucket: string) =>
  ((await client.send(new ListObjectsV2Command({ Bucket: bucket }))).Contents ?? []).map(({ Key }) => Key!)
const read = async (bucket: string, key: string) => {
  const { Body, ContentType, ContentEncoding } = await client.send(
    new GetObjectCommand({ Bucket: bucket, Key: key }),
  )
  return { bytes: Buffer.from(await Body!.transformToByteArray()), ContentType, ContentEncoding }
}

/** A server that stands for S3 where it misbehaves. */
const misbehaving = async (answer: RequestListener) => {
  const server = createServer(answer).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  vi.stubEnv('AWS_ENDPOINT_URL_S3', `http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  onTestFinished(() => void vi.stubEnv('AWS_ENDPOINT_URL_S3', s3.url))
  return s3Store('archive', '', createS3Client(process.env))
}

describe('a bucket', () => {
  const body = Buffer.from([0x1f, 0x8b, 0x00, 0xff, 0x0a])

  it('has the bytes that were put, and nobody is told to unpack them', async () => {
    await s3Store('other', 'a/prefix/', client).putObject('events/one.gz', body, 5000)
    expect(await read('other', 'a/prefix/events/one.gz')).toEqual({
      bytes: body,
      ContentType: 'application/gzip',
      ContentEncoding: undefined,
    })
  })

  it('has a key once, with what was put last', async () => {
    const store = s3Store('other', '', client)
    await store.putObject('twice', Buffer.from('older'), 5000)
    await store.putObject('twice', body, 5000)
    expect((await keysIn('other')).filter((key) => key === 'twice')).toHaveLength(1)
    expect((await read('other', 'twice')).bytes).toEqual(body)
  })

  it('that is missing is an error with the name that S3 has for it', async () => {
    await expect(s3Store('nowhere', '', client).putObject('a', body, 5000)).rejects.toThrow('NoSuchBucket')
  })

  it('that is busy is asked again', async () => {
    let asked = 0
    const store = await misbehaving((request, response) => {
      request.resume()
      request.on('end', () => {
        response.statusCode = ++asked <= 2 ? 503 : 200
        response.end(asked <= 2 ? '<Error><Code>SlowDown</Code></Error>' : undefined)
      })
    })
    await store.putObject('a', body, 20_000)
    expect(asked).toBe(3)
  })

  it('that does not answer is given up when the time is over', async () => {
    const store = await misbehaving(() => {})
    await expect(store.putObject('a', body, 300)).rejects.toThrow('not within 300 ms')
  })
})

describe('the archive in a bucket', () => {
  const quarantine = 'file:/tmp/never-written'
  const open = (place: string) => {
    const { observer: _, ...config } = readArchiveConfig({
      ...s3.environment,
      VIEWBEAT_ARCHIVE: place,
      VIEWBEAT_QUARANTINE: quarantine,
    })
    return createArchiveSink(config)
  }

  it.each(['s3://archive', 's3://archive/', 's3://archive/deep/in'])(
    'at %s holds every event, once, however often a batch comes',
    async (place) => {
      const sink = open(place)
      const event = streamEvent([aRecord(), aRecord()])
      await sink(event)
      await sink(event)
      const prefix = place.replace(/^s3:\/\/archive\/?/, '')
      const keys = (await keysIn('archive')).filter((key) =>
        key.startsWith(prefix ? `${prefix}/events/` : 'events/'),
      )
      expect(keys).toHaveLength(1)
      const text = gunzipSync((await read('archive', keys[0]!)).bytes).toString()
      expect(text.trimEnd().split('\n')).toHaveLength(2 * aRecord().batch.events.length)
    },
  )

  it('hands back its records while the bucket is missing, and has them when somebody has made it', async () => {
    const sink = open('s3://later')
    const event = streamEvent([aRecord()])
    expect(await sink(event)).toEqual({ batchItemFailures: [{ itemIdentifier: '100' }] })
    await client.send(new CreateBucketCommand({ Bucket: 'later' }))
    expect(await sink(event)).toEqual({ batchItemFailures: [] })
    expect(await keysIn('later')).toHaveLength(1)
  })
})

describe('the configuration of the archive', () => {
  const good = { VIEWBEAT_ARCHIVE: 'file:/tmp/archive', VIEWBEAT_QUARANTINE: 'file:/tmp/quarantine' }

  it.each([
    ['VIEWBEAT_ARCHIVE', undefined],
    ['VIEWBEAT_ARCHIVE', '/tmp/archive'],
    ['VIEWBEAT_ARCHIVE', 's3://'],
    ['VIEWBEAT_ARCHIVE', 's3:///prefix'],
    ['VIEWBEAT_ARCHIVE', 'firehose:archive'],
    ['VIEWBEAT_QUARANTINE', undefined],
  ])('fails at once and names %s when it is %s', (variable, value) => {
    expect(() => readArchiveConfig({ ...good, [variable]: value })).toThrow(`${variable}: `)
  })
})
