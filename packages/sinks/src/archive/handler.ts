import type { Sink } from '../consume/createSink.ts'
import { once } from '../consume/once.ts'
import { readArchiveConfig } from './config.ts'
import { createArchiveSink } from './createArchiveSink.ts'

const sink = once(() => createArchiveSink(readArchiveConfig(process.env)))

// In Lambda a bad configuration fails the start, not the first batch.
if (process.env.AWS_LAMBDA_RUNTIME_API) sink()

/** The Lambda's entry: the archive as the environment configures it. See the README for the variables. */
export const handler: Sink = (event, context) => sink()(event, context)
