import type { FlatEvent, ViewRecord } from '@viewbeat/schema'
import { type BulkItem, type BulkOperation, type SearchIndex, SearchIndexError } from '@viewbeat/sinks'
import type { Chronicle } from './createChronicle.ts'
import type { Dice } from './createDice.ts'
import type { Time } from './createTime.ts'
import type { Waver } from './wavering.ts'
import type { SinkWeather } from './weather.ts'
import { within } from './within.ts'

/** A document as it is stored. */
interface Stored {
  text: string
  version: number
}

const VIEWS = 'viewbeat-views'

/** More operations than this a call may not have, where calls are limited. */
const MOST = 40

/**
 * An index in memory that answers as OpenSearch does, item by item: 201 and 409 on create, external versions, 429 and 503
 * for now, 400 for good; and whose calls fail after a part of them was stored.
 */
export const memoryIndex = (
  { busy }: Pick<SinkWeather, 'busy'>,
  {
    time,
    dice,
    chronicle,
    isStormy,
    isRefused,
    waver,
    onItem,
  }: {
    time: Time
    dice: Dice
    chronicle: Chronicle
    isStormy: () => boolean
    /** Whether this document is refused for good. */
    isRefused: (id: string) => boolean
    waver: Waver
    /** Hears of each answer that gets through. */
    onItem: (operation: BulkOperation, item: BulkItem) => void
  },
) => {
  const indices = new Map<string, Map<string, Stored>>()
  const isLimited = dice.chance(0.2)
  const open = (index: string) => {
    const known = indices.get(index)
    if (known) return known
    const made = new Map<string, Stored>()
    indices.set(index, made)
    return made
  }
  const write = (operation: BulkOperation): BulkItem => {
    const documents = open(operation.index)
    const before = documents.get(operation.id)
    if (operation.index !== VIEWS && isRefused(operation.id))
      return { status: 400, type: 'mapper_parsing_exception', reason: 'failed to parse field' }
    if (operation.op === 'create') {
      if (before) return { status: 409, type: 'version_conflict_engine_exception' }
      documents.set(operation.id, { text: operation.document, version: 1 })
      return { status: 201 }
    }
    const { version, version_type, document } = operation
    const isNewer =
      !before || version > before.version || (version_type === 'external_gte' && version === before.version)
    if (!isNewer) return { status: 409, type: 'version_conflict_engine_exception' }
    documents.set(operation.id, { text: document, version })
    return { status: before ? 200 : 201 }
  }
  const writeAll = async (operations: readonly BulkOperation[]): Promise<BulkItem[]> => {
    if (isLimited && operations.length > MOST) {
      chronicle.fault('search: too large', `search: a call of ${operations.length} operations is too large`)
      throw new SearchIndexError(413, 'Request Entity Too Large')
    }
    // A call that fails may have stored a part of it.
    const broken = isStormy() && dice.chance(busy / 4) ? dice.between(0, operations.length) : undefined
    const items = operations.slice(0, broken).map((operation) => {
      if (!isStormy() || !dice.chance(busy)) return write(operation)
      chronicle.fault('search: busy', `search: ${operation.id} is refused for now`)
      return dice.chance(0.7)
        ? { status: 429, type: 'rejected_execution_exception' }
        : { status: 503, type: 'unavailable_shards_exception' }
    })
    if (broken !== undefined) {
      chronicle.fault(
        'search: half',
        `search: a call fails after ${broken} of ${operations.length} operations`,
      )
      throw dice.chance(0.5) ? new SearchIndexError(503, 'Service Unavailable') : new Error('socket hang up')
    }
    return items
  }
  const bulk = waver('_bulk', writeAll)
  const idsOf = (ids: readonly string[]) => new Set(ids)
  const parse = <Document>(stored: Iterable<Stored>) =>
    [...stored].map(({ text }) => JSON.parse(text) as Document)

  const read = {
    events: () =>
      parse<FlatEvent>(
        [...indices].flatMap(([name, documents]) => (name === VIEWS ? [] : [...documents.values()])),
      ),
    views: () => parse<ViewRecord>(open(VIEWS).values()),
  }
  const index: SearchIndex = {
    async bulk(operations, timeoutMs) {
      const items = await within(time, timeoutMs, bulk(operations))
      for (const [place, item] of items.entries()) onItem(operations[place]!, item)
      return items
    },
    eventsOf: (viewIds, timeoutMs) =>
      within(
        time,
        timeoutMs,
        waver('_search', async () => read.events().filter(({ view_id }) => idsOf(viewIds).has(view_id)))(),
      ),
    viewsOf: (viewIds, timeoutMs) =>
      within(
        time,
        timeoutMs,
        waver('_mget', async () => read.views().filter(({ view_id }) => idsOf(viewIds).has(view_id)))(),
      ),
  }
  return { index, read }
}
