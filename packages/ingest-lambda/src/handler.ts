import { readConfig, readDrainConfig } from './config.ts'
import { createDrain, type DrainHandler } from './createDrain.ts'
import { createHandler, type IngestHandler } from './createHandler.ts'

const once = <T>(build: () => T) => {
  let built: T | undefined
  return () => {
    built ??= build()
    return built
  }
}

const ingest = once(() => {
  const config = readConfig(process.env)
  return { config, handle: createHandler(config) }
})
const drainer = once(() => createDrain(readDrainConfig(process.env)))

// In Lambda a bad configuration fails the start, not the first viewer, and the keys are there before that viewer is.
if (process.env.AWS_LAMBDA_RUNTIME_API) {
  if (process.env._HANDLER?.endsWith('.drain')) drainer()
  else await Promise.resolve(ingest().config.keys()).catch(() => {})
}

/** The Lambda's entry: the ingest as the environment configures it. See the README for the variables. */
export const handler: IngestHandler = (event, context) => ingest().handle(event, context)

/** The entry of the Lambda that puts spilled records on the stream; schedule it every minute. */
export const drain: DrainHandler = (event, context) => drainer()(event, context)
