export { createArchiveSink } from './archive/createArchiveSink.ts'
export { createFirehoseTransform, type FirehoseTransform } from './archive/createFirehoseTransform.ts'
export { folderStore } from './archive/folderStore.ts'
export type { ObjectStore } from './archive/objectStore.ts'
export { createS3Client, s3Store } from './archive/s3Store.ts'
export { createSink, type Sink, type Write, type Written } from './consume/createSink.ts'
export type { SinkFacts, SinkObserver } from './consume/observer.ts'
export { powertoolsSinkObserver } from './consume/powertoolsSinkObserver.ts'
export type { PlacedRecord } from './consume/readRecords.ts'
export { createSearchSink } from './search/createSearchSink.ts'
export {
  type BulkItem,
  type BulkOperation,
  type SearchIndex,
  SearchIndexError,
} from './search/searchIndex.ts'
export { createStoreSink } from './store/createStoreSink.ts'
export { openStore, type Store, type StoredEvent, type StoredView } from './store/openStore.ts'
export { findInSearch } from './timeline/findInSearch.ts'
export { readTimeline, type Timeline } from './timeline/readTimeline.ts'
