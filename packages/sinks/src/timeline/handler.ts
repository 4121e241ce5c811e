import { Logger } from '@aws-lambda-powertools/logger'
import { readSearchEndpoint } from '../consume/config.ts'
import { once } from '../consume/once.ts'
import { openSearchIndex } from '../search/openSearchIndex.ts'
import { createViewFunction, type ViewFunction } from './createViewFunction.ts'
import { findInSearch } from './findInSearch.ts'

const view = once(() => {
  const logger = new Logger({ serviceName: 'viewbeat-view' })
  return createViewFunction({
    find: findInSearch(openSearchIndex(readSearchEndpoint(process.env))),
    now: Date.now,
    onFault: ({ name, message }) => logger.error('view not read', { name, reason: message }),
  })
})

// In Lambda a bad configuration fails the start, not the first question.
if (process.env.AWS_LAMBDA_RUNTIME_API) view()

/** The Lambda's entry: asks OpenSearch about one view. See the README for the variables. */
export const handler: ViewFunction = (question) => view()(question)
