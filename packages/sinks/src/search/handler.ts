import { readQuarantine, readSearchEndpoint } from '../consume/config.ts'
import type { Sink } from '../consume/createSink.ts'
import { once } from '../consume/once.ts'
import { powertoolsSinkObserver } from '../consume/powertoolsSinkObserver.ts'
import { createSearchSink } from './createSearchSink.ts'
import { openSearchIndex } from './openSearchIndex.ts'

const sink = once(() =>
  createSearchSink({
    index: openSearchIndex(readSearchEndpoint(process.env)),
    quarantine: readQuarantine(process.env),
    observer: powertoolsSinkObserver('viewbeat-search'),
  }),
)

// In Lambda a bad configuration fails the start, not the first batch.
if (process.env.AWS_LAMBDA_RUNTIME_API) sink()

/** The Lambda's entry: the search sink as the environment configures it. See the README for the variables. */
export const handler: Sink = (event, context) => sink()(event, context)
