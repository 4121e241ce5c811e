import { AwsClient } from 'aws4fetch'
import { ConfigurationError } from '../errors.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** A service did not do as asked. The message holds what it calls the fault, never what was sent. */
export class AwsError extends Error {
  override readonly name = 'AwsError'
  constructor(
    readonly service: string,
    readonly status: number,
    readonly code: string,
  ) {
    super(`${service} answered ${status} ${code}`)
  }
}

const CODE = /[A-Za-z]+(?:Exception|Error|Failure|Denied|NotFound|NoSuch\w*)?/

/** What a service calls a fault: `__type` of its JSON, or `Code` of its XML. */
const codeOf = (text: string): string => {
  const named = /"__type"\s*:\s*"(?:[^"#]*#)?([^"]{1,100})"|<Code>([^<]{1,100})<\/Code>/.exec(text)
  return CODE.exec(named?.[1] ?? named?.[2] ?? '')?.[0] ?? 'unknown'
}

type SignedRequest = {
  method: string
  headers?: Record<string, string>
  body?: string | Uint8Array<ArrayBuffer>
}

/**
 * Calls AWS with requests signed by aws4fetch (8 KB, where a service's client is 300 KB and 60 ms of a cold start).
 * Region, credentials and endpoints come from AWS's own variables, as Lambda sets them:
 * https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
 */
export const createAws = (env: Environment) => {
  const required = (variable: string) => {
    const value = env[variable]
    if (!value) throw new ConfigurationError(variable, 'not set; Lambda sets it, elsewhere you have to')
    return value
  }
  const region = required('AWS_REGION')
  const client = new AwsClient({
    accessKeyId: required('AWS_ACCESS_KEY_ID'),
    secretAccessKey: required('AWS_SECRET_ACCESS_KEY'),
    ...(env.AWS_SESSION_TOKEN && { sessionToken: env.AWS_SESSION_TOKEN }),
    region,
    // What is to be sent again is decided where its parts are known.
    retries: 0,
  })
  const domain = region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com'
  const ownEndpoint = (service: string) =>
    (env[`AWS_ENDPOINT_URL_${service.toUpperCase()}`] || env.AWS_ENDPOINT_URL)?.replace(/\/$/, '')

  const send = async (
    service: string,
    url: string,
    request: SignedRequest,
    timeout_ms: number,
    expected: readonly number[] = [200],
  ) => {
    const response = await client.fetch(url, {
      ...request,
      signal: AbortSignal.timeout(timeout_ms),
      aws: { service, region },
    })
    if (expected.includes(response.status)) return response
    throw new AwsError(service, response.status, codeOf((await response.text()).slice(0, 2000)))
  }

  return {
    /** Calls an action of a service that speaks JSON 1.1, such as `Kinesis_20131202.PutRecords`. */
    async call<T>(
      service: 'kinesis' | 'firehose' | 'ssm',
      action: string,
      input: string,
      timeout_ms: number,
    ) {
      const url = ownEndpoint(service) ?? `https://${service}.${region}.${domain}`
      const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': action }
      const response = await send(service, `${url}/`, { method: 'POST', headers, body: input }, timeout_ms)
      return (await response.json()) as T
    },
    /** Does something with an object of S3, or with a bucket where `key` is empty. */
    s3(
      method: 'GET' | 'PUT' | 'DELETE',
      { bucket, key }: { bucket: string; key: string },
      {
        query = '',
        timeout_ms = 3000,
        ...request
      }: {
        query?: string
        headers?: Record<string, string>
        body?: string | Uint8Array<ArrayBuffer>
        timeout_ms?: number
      } = {},
      expected?: readonly number[],
    ) {
      const own = ownEndpoint('s3')
      const base = own ? `${own}/${bucket}` : `https://${bucket}.s3.${region}.${domain}`
      const path = key.split('/').map(encodeURIComponent).join('/')
      return send('s3', `${base}/${path}${query}`, { method, ...request }, timeout_ms, expected)
    },
  }
}

/** Signed calls to AWS. */
export type Aws = ReturnType<typeof createAws>
