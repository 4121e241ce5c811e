/** Where spilled records wait: a bucket or a folder. Names are paths below it. */
export interface SpillObjects {
  put(name: string, body: Uint8Array<ArrayBuffer>): Promise<void>
  /** The first so many names, oldest hour first. */
  list(limit: number): Promise<string[]>
  get(name: string): Promise<Buffer>
  remove(name: string): Promise<void>
}
