/** An object of the archive. Keys sort by the hour in which its events were received. */
export interface ArchiveObject {
  key: string
  bytes: number
}

/** Where the archive is read: a bucket, or a folder that stands for one. */
export interface Archive {
  /** Objects whose keys begin with `prefix`, sorted by them. */
  list(prefix: string): AsyncIterable<ArchiveObject>
  /** What is in an object, as it is kept. Rejects when it is not there. */
  open(key: string): Promise<AsyncIterable<Uint8Array>>
}
