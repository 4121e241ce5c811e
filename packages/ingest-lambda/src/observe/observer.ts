/** What became of a request: counted while it is handled. Holds no payload and no address. */
export interface RequestFacts {
  /** The gateway's name of the request. */
  id: string
  status: number
  publisher?: string
  /** Of the body, as it came. */
  bytes: number
  batches: number
  accepted: number
  /** Events by why they were rejected; a batch that was refused whole counts the events that went with it, or one. */
  rejected: Record<string, number>
  sampledOut: number
  /** Events of types, and fields, that this version does not know; they are stored. */
  unknownEvents: number
  unknownFields: number
  /** Events that SDKs report as lost. */
  dropped: { sdk: string; reason: string; events: number }[]
  /** How far the senders' clocks are off, ms, one for each batch. */
  skews_ms: number[]
  retried: number
  spilled: number
  quarantined: number
  /** Stages that could not do their work. */
  failed: ('stream' | 'spill' | 'quarantine' | 'keys' | 'other')[]
  /** Why, in the words of the system that failed. */
  reason?: string
  duration_ms: number
}

/** Who counts and logs what the ingest does. */
export interface Observer {
  answered(facts: RequestFacts): void
  /** The document of keys could not be read, or is wrong in part. */
  keysInTrouble(trouble: 'stale' | 'invalid', faults: string[]): void
}

/** Facts of a request of which nothing is known yet. */
export const noFacts = (id: string): RequestFacts => ({
  id,
  status: 0,
  bytes: 0,
  batches: 0,
  accepted: 0,
  rejected: {},
  sampledOut: 0,
  unknownEvents: 0,
  unknownFields: 0,
  dropped: [],
  skews_ms: [],
  retried: 0,
  spilled: 0,
  quarantined: 0,
  failed: [],
  duration_ms: 0,
})
