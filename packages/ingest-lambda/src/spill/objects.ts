/** Where spilled records wait: a bucket or a folder. Names are paths below it. */
export interface SpillObjects {
  /** Resolves when it is safe, in place of what had the name. */
  put(name: string, body: Uint8Array<ArrayBuffer>): Promise<void>
  /** The first so many names, oldest hour first; those that sort behind `after`, where it is given. */
  list(limit: number, after?: string): Promise<string[]>
  get(name: string): Promise<Buffer>
  remove(name: string): Promise<void>
}
