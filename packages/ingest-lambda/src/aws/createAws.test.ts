import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { s3Objects } from '../spill/s3Objects.ts'
import { createAws } from './createAws.ts'

/** What came to a server in the place of AWS, and what it answers next. */
let seen: { method: string; url: string; headers: IncomingMessage['headers']; body: string }[]
let answer: { status: number; body: string }

const server = createServer(async (request, response) => {
  let body = ''
  for await (const chunk of request) body += chunk
  seen.push({ method: request.method!, url: request.url!, headers: request.headers, body })
  response.writeHead(answer.status).end(answer.body)
})

beforeAll(() => new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready)))
afterAll(() => server.close())
beforeEach(() => {
  seen = []
  answer = { status: 200, body: '{}' }
})

const open = () =>
  createAws({
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'AKID',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_SESSION_TOKEN: 'token',
    AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  })

describe('a call to AWS', () => {
  it('names its action and is signed for its service and region', async () => {
    await open().call('ssm', 'AmazonSSM.GetParameter', '{"Name":"/keys"}', 1000)
    expect(seen[0]).toMatchObject({
      method: 'POST',
      url: '/',
      body: '{"Name":"/keys"}',
      headers: {
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': 'AmazonSSM.GetParameter',
        'x-amz-security-token': 'token',
        authorization: expect.stringMatching(
          /^AWS4-HMAC-SHA256 Credential=AKID\/\d{8}\/eu-west-1\/ssm\/aws4_request/,
        ),
      },
    })
  })

  it.each([
    [
      '{"__type":"com.amazonaws.kinesis#ResourceNotFoundException","message":"secret-view"}',
      'ResourceNotFoundException',
    ],
    ['{"__type":"AccessDeniedException"}', 'AccessDeniedException'],
    ['<Error><Code>NoSuchBucket</Code><Message>secret-view</Message></Error>', 'NoSuchBucket'],
    ['<html>secret-view</html>', 'unknown'],
  ])('that fails with %s says %s, and nothing that was sent', async (body, code) => {
    answer = { status: 400, body }
    await expect(open().call('kinesis', 'x', '{}', 1000)).rejects.toMatchObject({
      message: `kinesis answered 400 ${code}`,
    })
  })
})

describe('a bucket of spilled records', () => {
  it('is put to, listed, read and cleared below its prefix', async () => {
    const objects = s3Objects(open(), 'bucket', 'spill/')
    await objects.put('dt=2026-11-22/hour=17/1-a.ndjson', Buffer.from('line\n'))
    answer.body =
      '<ListBucketResult><Contents><Key>spill/dt%3D2026-11-22/hour%3D17/1-a.ndjson</Key></Contents></ListBucketResult>'
    expect(await objects.list(7)).toEqual(['dt=2026-11-22/hour=17/1-a.ndjson'])
    expect(await objects.list(7, 'dt=2026-11-22/hour=17/1-a.ndjson')).toHaveLength(1)
    answer.body = 'line\n'
    expect((await objects.get('dt=2026-11-22/hour=17/1-a.ndjson')).toString()).toBe('line\n')
    answer = { status: 204, body: '' }
    await objects.remove('dt=2026-11-22/hour=17/1-a.ndjson')
    expect(seen.map(({ method, url }) => `${method} ${url}`)).toEqual([
      'PUT /bucket/spill/dt%3D2026-11-22/hour%3D17/1-a.ndjson',
      'GET /bucket/?list-type=2&encoding-type=url&max-keys=7&prefix=spill%2F',
      'GET /bucket/?list-type=2&encoding-type=url&max-keys=7&prefix=spill%2F&start-after=spill%2Fdt%3D2026-11-22%2Fhour%3D17%2F1-a.ndjson',
      'GET /bucket/spill/dt%3D2026-11-22/hour%3D17/1-a.ndjson',
      'DELETE /bucket/spill/dt%3D2026-11-22/hour%3D17/1-a.ndjson',
    ])
    expect(seen[0]!.body).toBe('line\n')
  })
})
