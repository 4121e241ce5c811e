import { readConfig } from './config.ts'
import { createHandler, type IngestHandler } from './createHandler.ts'

let built: IngestHandler | undefined
const build = () => {
  built ??= createHandler(readConfig(process.env))
  return built
}

// In Lambda a bad configuration fails the start, not the first viewer.
if (process.env.AWS_LAMBDA_RUNTIME_API) build()

/** The Lambda's entry: the ingest as the environment configures it. See the README for the variables. */
export const handler: IngestHandler = (event) => build()(event)
