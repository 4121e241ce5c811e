import { MAX_BATCHES_PER_BODY, MAX_BODY_BYTES } from '../limits.ts'

const json = (schema: object) => ({ 'application/json': { schema } })

const message = {
  type: 'object',
  properties: { message: { type: 'string' } },
  required: ['message'],
}

const rejection = {
  type: 'object',
  description: 'one event, or one whole batch where index is null, that was not taken, and why',
  properties: {
    batch: { type: 'integer', description: 'place of the batch in the body, from 0' },
    index: { type: ['integer', 'null'], description: 'place of the event in its batch, from 0' },
    seq: { type: ['integer', 'null'], description: 'number of the event in its view, when it can be read' },
    code: { type: 'string', description: 'the reason, a word of the contract' },
    path: { type: 'string', description: 'JSON Pointer (RFC 6901) from the batch to what is wrong' },
    message: { type: 'string', description: 'what was expected' },
  },
  required: ['batch', 'index', 'seq', 'code', 'path', 'message'],
}

const receipt = {
  type: 'object',
  properties: {
    accepted: { type: 'integer', description: 'events that are stored' },
    rejected: { type: 'array', items: rejection },
    omitted: { type: 'integer', description: 'rejections left out of a long list' },
  },
  required: ['accepted', 'rejected'],
}

const retryAfter = {
  'retry-after': { description: 'seconds to wait', schema: { type: 'integer' } },
}

const refusal = (description: string, headers?: object) => ({
  description,
  ...(headers && { headers }),
  content: json(message),
})

/** Describes the endpoint in OpenAPI 3.1. Bodies are the published documents, by reference to the folder `target`. */
export const openApi = (version: string, target: string) => {
  const batch = { $ref: `${target}/reader/batch.json` }
  const lines = {
    type: 'string',
    description: `one batch as JSON, or up to ${MAX_BATCHES_PER_BODY} as NDJSON; at most ${MAX_BODY_BYTES} bytes, gzip or not`,
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Viewbeat ingest',
      version,
      description: 'Takes batches of player events. Answers 202 only when they are safe.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/', description: "the publisher's own endpoint" }],
    security: [{ key: [] }],
    paths: {
      '/v1/events': {
        post: {
          operationId: 'collectEvents',
          summary: 'Take batches of events',
          requestBody: {
            required: true,
            content: {
              'text/plain': { schema: lines },
              'application/json': { schema: batch },
              'application/x-ndjson': { schema: lines },
            },
          },
          responses: {
            '202': { description: 'Stored, or kept in quarantine with the reason.', content: json(receipt) },
            '400': refusal('The body cannot be read: do not send it again.'),
            '403': refusal('The key is unknown or the origin not allowed: stop.'),
            '410': refusal("The producer's wire version is retired: stop."),
            '413': refusal('The body is too large: send less at once.'),
            '503': refusal('Not all of it was stored: keep it and send it again.', retryAfter),
          },
        },
      },
      '/v1/health': {
        get: {
          operationId: 'health',
          summary: 'Say whether the ingest answers',
          security: [],
          responses: { '200': refusal('It does.'), '404': refusal('It is not here.') },
        },
      },
    },
    components: {
      securitySchemes: {
        key: {
          type: 'apiKey',
          in: 'query',
          name: 'key',
          description: "the publisher's public write key, pk_…",
        },
      },
    },
  }
}
