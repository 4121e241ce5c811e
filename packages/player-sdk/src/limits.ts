/** The SDK's bounds. A test holds those that the schema knows too against it; the schema itself stays out of the page. */

/** The wire version this SDK speaks. */
export const SPEC = '1.2'

/** Most bytes of a request's body: keepalive requests of a page share 64 KiB, and others want some of it. */
export const MAX_BODY_BYTES = 60 * 1024

/**
 * Most bytes left with the browser for the end of the page: half of what it holds for one origin.
 * https://developer.mozilla.org/docs/Web/API/fetchLater_API/fetchLater_quotas
 */
export const MAX_LEFT_BYTES = 30 * 1024

/** Most batches of one body: what the ingest takes. */
export const MAX_BATCHES = 100

/** Most bytes of one event as JSON; a larger one is dropped and counted. */
export const MAX_EVENT_BYTES = 8 * 1024

/** A batch that has grown to this is closed; with one more event, its heartbeat and its context it still fits a body. */
export const FULL_BATCH_BYTES = 40 * 1024

/** A batch of so many events is closed. */
export const FULL_BATCH_EVENTS = 200

/** Most bytes of batches that wait for an answer; beyond it the oldest is dropped and counted. */
export const MAX_BACKLOG_BYTES = 1024 * 1024

/** How long what was stored is worth delivering, ms: a week. */
export const MAX_AGE_MS = 604_800_000
