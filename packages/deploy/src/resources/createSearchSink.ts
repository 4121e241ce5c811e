import type { Stack } from 'aws-cdk-lib'
import type { Settings } from '../settings/settings.ts'
import type { SearchEngine } from './createSearchEngine.ts'
import { createStreamSink, type Sink, type SinkStores } from './createStreamSink.ts'
import { searchPermissions } from './searchPermissions.ts'

/** The function that makes events searchable within seconds, and keeps a record of each view. */
export const createSearchSink = (
  stack: Stack,
  settings: Settings,
  stores: SinkStores,
  engine: SearchEngine,
): Sink => {
  const { windowS, parallelizationFactor } = settings.search!
  const { permissions, acknowledgeFor } = searchPermissions(engine, ['_bulk'])
  const made = createStreamSink(stack, 'Search', settings, stores, {
    handler: 'search.handler',
    description: 'Viewbeat: records of the stream to OpenSearch',
    service: 'viewbeat-search',
    windowS,
    parallelizationFactor,
    environment: { VIEWBEAT_SEARCH: engine.endpoint, VIEWBEAT_SEARCH_SERVICE: engine.service },
    permissions,
  })
  acknowledgeFor(stack.node.findChild('SearchRole'))
  return made
}
