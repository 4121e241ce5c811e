import { describe, expect, it } from 'vitest'
import sample from '../../../ingest-lambda/fixtures/http-api-2.0.json' with { type: 'json' }
import { toGatewayEvent } from './toGatewayEvent.ts'

const eventFor = (contentType: string | undefined, body = Buffer.from('{"a":"ü"}')) =>
  toGatewayEvent(
    {
      method: 'POST',
      url: '/v1/events?key=pk_demo&x=1%202',
      headers: contentType ? { 'content-type': contentType, 'user-agent': 'agent' } : {},
      socket: { remoteAddress: '192.0.2.1' },
    },
    body,
  )

describe('the event of an HTTP API', () => {
  it.each([
    ['text/plain', false],
    ['text/plain;charset=UTF-8', false],
    ['application/json', false],
    ['application/xml', false],
    ['application/javascript', false],
    ['application/x-ndjson', true],
    ['application/cmcd', true],
    ['application/octet-stream', true],
    ['application/x-www-form-urlencoded', true],
    [undefined, true],
  ])('carries a body of %s as base64: %s', (contentType, isBase64Encoded) => {
    const event = eventFor(contentType)
    expect(event.isBase64Encoded).toBe(isBase64Encoded)
    expect(Buffer.from(event.body!, isBase64Encoded ? 'base64' : 'utf8').toString()).toBe('{"a":"ü"}')
  })

  it('has the fields of the documented sample, but for those that need an authorizer, cookies, path or stage variables', () => {
    const event = eventFor('text/plain')
    const needed = ['cookies', 'pathParameters', 'stageVariables', 'authentication', 'authorizer']
    const without = (object: object) =>
      Object.keys(object)
        .filter((key) => !needed.includes(key))
        .toSorted()
    expect(Object.keys(event).toSorted()).toEqual(without(sample))
    expect(Object.keys(event.requestContext).toSorted()).toEqual(without(sample.requestContext))
    expect(Object.keys(event.requestContext.http).toSorted()).toEqual(without(sample.requestContext.http))
  })

  it('has lower-case header names and a decoded query beside the raw one', () => {
    const event = eventFor('text/plain')
    expect(event.headers).toEqual({ 'content-type': 'text/plain', 'user-agent': 'agent' })
    expect(event.queryStringParameters).toEqual({ key: 'pk_demo', x: '1 2' })
    expect(event.rawQueryString).toBe('key=pk_demo&x=1%202')
  })

  it('has no body where none was sent', () => {
    const event = eventFor('text/plain', Buffer.alloc(0))
    expect(event).not.toHaveProperty('body')
    expect(event.isBase64Encoded).toBe(false)
  })
})
