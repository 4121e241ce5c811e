import type { Stack } from 'aws-cdk-lib'
import type { CfnRole } from 'aws-cdk-lib/aws-iam'
import type { WatchedReaders } from '../alarms/readerAlarms.ts'
import type { Settings } from '../settings/settings.ts'
import { createArchiveBucket } from './createArchiveBucket.ts'
import { createArchiveFirehose } from './createArchiveFirehose.ts'
import { createArchiveSink } from './createArchiveSink.ts'
import { createOnFailure, ON_FAILURE_PREFIX } from './createOnFailure.ts'
import { createSearchEngine } from './createSearchEngine.ts'
import { createSearchSink } from './createSearchSink.ts'
import type { Sink, SinkStores } from './createStreamSink.ts'
import { createView } from './createView.ts'

const toWatched = (name: string, sink: Sink) => ({
  name,
  service: sink.service,
  function: sink.function.ref,
  mapping: sink.mapping.ref,
  windowS: sink.windowS,
})

/** What reads the stream: the archive, and search where it was asked for. With what alarms watch, and the stack's outputs. */
export const createSinks = (
  stack: Stack,
  settings: Settings,
  stores: Omit<SinkStores, 'onFailure'>,
): { watched: WatchedReaders; outputs: Record<string, [value: string, description: string]> } => {
  const { archive, search } = settings
  const watched: WatchedReaders = { sinks: [] }
  const outputs: Record<string, [string, string]> = {}

  const hasMapping = archive.by === 'lambda' || search !== undefined
  const onFailure = hasMapping && createOnFailure(stack, stores.key, settings.quarantine.days)
  if (onFailure)
    outputs.OnFailureLocation = [
      `s3://${onFailure.ref}/${ON_FAILURE_PREFIX}`,
      'Records that a sink did not take in all its tries',
    ]

  if (archive.by !== 'off') {
    const bucket = createArchiveBucket(stack, archive, stores.key)
    outputs.ArchiveLocation = [`s3://${bucket.ref}`, 'Every event, by received hour']
    if (onFailure && archive.by === 'lambda')
      watched.sinks.push(
        toWatched('archive', createArchiveSink(stack, settings, { ...stores, onFailure }, bucket)),
      )
    else if (archive.by === 'firehose') {
      const made = createArchiveFirehose(stack, settings, stores, bucket)
      watched.archiveFirehose = { deliveryStream: made.deliveryStream.ref, function: made.function.ref }
    }
  }

  if (onFailure && search) {
    const engine = createSearchEngine(stack, search, stores.key)
    outputs.SearchEndpoint = [engine.endpoint, 'OpenSearch']
    watched.sinks.push(
      toWatched('search', createSearchSink(stack, settings, { ...stores, onFailure }, engine)),
    )
    watched.view = createView(stack, settings, stores.code, engine).ref
    if (engine.domain) watched.searchDomain = { DomainName: engine.domain.ref, ClientId: stack.account }
    const arnOf = (role: string) => (stack.node.findChild(role) as CfnRole).attrArn
    outputs.SearchWriterRoleArn = [arnOf('SearchRole'), 'For `search setup --writer`']
    outputs.SearchReaderRoleArn = [arnOf('ViewRole'), 'For `search setup --reader`']
  }
  return { watched, outputs }
}
