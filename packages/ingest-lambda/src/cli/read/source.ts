/** One file or object of a quarantine. */
export interface QuarantineFile {
  name: string
  open: () => Promise<AsyncIterable<Uint8Array>>
}

/** Where a quarantine is kept: its files in the order of their names, as they are when asked. */
export interface QuarantineSource {
  list: () => AsyncIterable<QuarantineFile>
}
