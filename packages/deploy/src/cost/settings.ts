/** How the ingest is put in front of its callers. */
export const SHAPES = {
  rest: 'REST API, an event a request',
  'http-api': 'HTTP API, batches',
  'function-url': 'function URL, batches',
  cloudfront: 'CloudFront + function URL, batches',
} as const

/** One of the ways in. */
export type Shape = keyof typeof SHAPES

/** What the platform team decides or knows. */
export interface Settings {
  /** How much the busiest hour is above the average. */
  peak: number
  /** What the stream is billed by. */
  capacity: 'provisioned' | 'on-demand'
  /** Shards, where they are not reckoned from the peak. */
  shards?: number | undefined
  /** Readers of the stream beside the sinks. */
  readers: number
  retentionDays: number
  memoryMb: number
  /** Billed time of one request, ms: what the handler waits for Kinesis is most of it. */
  handlerMs: number
  /** Share of events that are rejected, each an entry of its own. */
  quarantineShare: number
  /** How long they are kept. */
  quarantineDays: number
  /** Share of records that take the way by the spill store. */
  spillShare: number
  /** Bytes that the function logs, 26 beside each line included. The stack leaves out what Lambda adds to each request, 340. */
  logBytesPerRequest: number
  /** Bytes of the gateway's access log; a function URL has none. */
  accessLogBytes: number
  logDays: number
  /** Headers and body, bytes. */
  answerBytes: number
  /** What writes the archive. */
  archive: 'lambda' | 'firehose' | 'off'
  /** How long records are collected into an object, s. */
  archiveWindowS: number
  /** Months that are in the archive already: it is kept for good, so that it costs more each month. */
  archiveMonths: number
  /** An event in the archive, gzipped, and before that, bytes. */
  archivedBytes: number
  flatBytes: number
  sinkMemoryMb: number
  /** Billed time of a sink beside its events: what it waits for S3, or for OpenSearch, ms an invocation. */
  archiveMs: number
  searchMs: number
  /** Billed time of an event in a sink, ms. */
  sinkEventMs: number
  /** Nodes of OpenSearch; 0: there is none. */
  searchNodes: number
  /** Price of another type than t3.medium.search, USD an hour. */
  searchNodeUsd?: number | undefined
  searchVolumeGb: number
  /** Who have keys: some metrics are for each of them. */
  publishers: number
  alarms: number
}

/** What is reckoned with unless something else is said: where the stack has a setting, its default. */
export const DEFAULTS: Settings = {
  peak: 3,
  capacity: 'on-demand',
  readers: 0,
  retentionDays: 7,
  memoryMb: 512,
  handlerMs: 10,
  quarantineShare: 0.001,
  quarantineDays: 90,
  spillShare: 0,
  logBytesPerRequest: 60,
  accessLogBytes: 270,
  logDays: 30,
  answerBytes: 700,
  publishers: 10,
  archive: 'lambda',
  archiveWindowS: 60,
  archiveMonths: 12,
  // Measured over 300 simulated viewers: 94 B of 1,064 in objects of 600 records, 104 in objects of 60.
  archivedBytes: 100,
  flatBytes: 1064,
  sinkMemoryMb: 512,
  archiveMs: 150,
  searchMs: 100,
  // 20 µs of a core (50,000 events/s), of which 512 MB have 0.29.
  sinkEventMs: 0.07,
  searchNodes: 0,
  searchVolumeGb: 50,
  alarms: 26,
}
