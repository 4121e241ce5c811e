import { type Client, errors } from '@opensearch-project/opensearch'
import type { FlatEvent, ViewRecord } from '@viewbeat/schema'
import { createClient, type SearchEndpoint } from './createClient.ts'
import { EVENT_INDEX_PREFIX, VIEW_INDEX } from './eventIndexOf.ts'
import { type BulkItem, type BulkOperation, type SearchIndex, SearchIndexError } from './searchIndex.ts'

/** A search index that is an OpenSearch. */
export type OpenSearchIndex = SearchIndex & { client: Client; close(): Promise<void> }

/** How many events are read by one call. */
const PAGE = 1000

const EVENTS = `${EVENT_INDEX_PREFIX}*`

const toLines = ({ op, index, id, document, ...rest }: BulkOperation): string => {
  const versions = 'version' in rest && { version: rest.version, version_type: rest.version_type }
  return `${JSON.stringify({ [op]: { _index: index, _id: id, ...versions } })}\n${document}\n`
}

interface BulkAnswer {
  items?: Record<string, { status: number; error?: { type?: string; reason?: string } }>[]
}

const toItem = (answer: NonNullable<BulkAnswer['items']>[number]): BulkItem => {
  const { status, error } = Object.values(answer)[0]!
  return { status, ...(error?.type && { type: error.type }), ...(error?.reason && { reason: error.reason }) }
}

/** An answer that is a fault, by its name; other faults as they are. */
const toError = (error: unknown): unknown => {
  if (!(error instanceof errors.ResponseError)) return error
  const status = error.statusCode ?? 0
  const type: unknown = (error.body as { error?: { type?: unknown } } | undefined)?.error?.type
  return new SearchIndexError(status, `${status} ${typeof type === 'string' ? type : ''}`.trim())
}

interface Hit {
  _source: FlatEvent
  sort: (string | number)[]
}

interface Doc {
  found?: boolean
  _source?: ViewRecord
  error?: { type?: string }
}

/** Opens an OpenSearch. Nothing is sent before the first call. Throws `ConfigurationError`. */
export const openSearchIndex = (endpoint: SearchEndpoint): OpenSearchIndex => {
  const client = createClient(endpoint)

  const request = async <T>(
    method: 'POST',
    path: string,
    querystring: Record<string, string | boolean>,
    { body, bulkBody, timeoutMs }: { body?: object; bulkBody?: string; timeoutMs: number },
  ): Promise<T> => {
    try {
      const answer = await client.transport.request(
        { method, path, querystring, ...(body && { body }), ...(bulkBody !== undefined && { bulkBody }) },
        { requestTimeout: timeoutMs },
      )
      return answer.body as T
    } catch (error) {
      throw toError(error)
    }
  }

  return {
    client,
    async bulk(operations, timeoutMs) {
      if (operations.length === 0) return []
      const { items = [] } = await request<BulkAnswer>(
        'POST',
        '/_bulk',
        { filter_path: 'items.*.status,items.*.error.type,items.*.error.reason' },
        { bulkBody: operations.map(toLines).join(''), timeoutMs },
      )
      return items.map(toItem)
    },

    async eventsOf(viewIds, timeoutMs, most = Number.POSITIVE_INFINITY) {
      const until = Date.now() + timeoutMs
      const left = () => Math.max(1, until - Date.now())
      // Serverless collections refresh by themselves and cannot be asked to.
      if (endpoint.service !== 'aoss')
        await request('POST', `/${EVENTS}/_refresh`, { allow_no_indices: true }, { timeoutMs: left() })
      const events: FlatEvent[] = []
      let after: Hit['sort'] | undefined
      do {
        const { hits } = await request<{ hits: { hits: Hit[] } }>(
          'POST',
          `/${EVENTS}/_search`,
          { allow_partial_search_results: false },
          {
            body: {
              size: PAGE,
              query: { bool: { filter: { terms: { view_id: viewIds } } } },
              sort: [
                { view_id: { order: 'asc', unmapped_type: 'keyword' } },
                { seq: { order: 'asc', unmapped_type: 'long' } },
              ],
              track_total_hits: false,
              ...(after && { search_after: after }),
            },
            timeoutMs: left(),
          },
        )
        events.push(...hits.hits.map(({ _source }) => _source))
        after = hits.hits.length === PAGE ? hits.hits.at(-1)!.sort : undefined
      } while (after && events.length <= most)
      return events
    },

    async viewsOf(viewIds, timeoutMs) {
      const { docs } = await request<{ docs: Doc[] }>(
        'POST',
        `/${VIEW_INDEX}/_mget`,
        {},
        { body: { ids: viewIds }, timeoutMs },
      )
      const fault = docs.find(({ error }) => error && error.type !== 'index_not_found_exception')
      if (fault) throw new SearchIndexError(503, fault.error?.type ?? 'not read')
      return docs.flatMap(({ found, _source }) => (found && _source ? [_source] : []))
    },

    close: () => client.close(),
  }
}
