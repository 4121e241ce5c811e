/** A real OpenSearch that runs. */
export interface RunningOpenSearch {
  url: string
  port: number
  folder: string
  /** Ends it at once, as a crash does. Its folder stays: start again with `folder` and `port`. */
  kill(): Promise<void>
  /** Ends it and deletes its folder. */
  stop(): Promise<void>
}

/**
 * Starts a real OpenSearch, one node without security, in `folder` (a temporary one, deleted by `stop`, unless given).
 * It ends by itself when this process does. Ends the process where there is no JDK.
 */
export function startOpenSearch(options?: {
  folder?: string
  port?: number
  /** As Java's -Xmx. */
  heap?: string
}): Promise<RunningOpenSearch>
