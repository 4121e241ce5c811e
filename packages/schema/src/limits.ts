/** Every limit that both ends must agree on. Bytes are UTF-8 bytes, never characters. */

/** The wire version that this package produces and fully understands. */
export const WIRE_VERSION = '1.2'

/**
 * What a body from the SDK stays within, in bytes. A page's keepalive requests share 64 KiB; 4 KiB are left to others.
 * https://fetch.spec.whatwg.org/#http-network-or-cache-fetch
 */
export const MAX_PRODUCER_BODY_BYTES = 60 * 1024

/** The largest body the ingest reads, in bytes after inflating. A drained backlog of eight full SDK bodies fits. */
export const MAX_BODY_BYTES = 512 * 1024

/** The most batches one NDJSON body may hold, so that answers stay small. */
export const MAX_BATCHES_PER_BODY = 100

/** The most events one batch may hold. */
export const MAX_EVENTS_PER_BATCH = 500

/**
 * The largest record, its partition key counted, in bytes: what a Kinesis stream takes unless its MaxRecordSizeInKiB is raised.
 * https://docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html (2026-11)
 */
export const MAX_RECORD_BYTES = 1024 * 1024

/** How deep an event may nest, itself included; what is deeper breaks JSON readers downstream. */
export const MAX_DEPTH = 8

/** How deep a batch may nest: itself, its list of events, and an event. */
export const MAX_BATCH_DEPTH = MAX_DEPTH + 2

/** How deep `ext` may nest, itself included. */
export const MAX_EXT_DEPTH = 4

/** How large `ext` may be as JSON, in bytes. */
export const MAX_EXT_BYTES = 2048
