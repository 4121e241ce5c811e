import type { SinkObserver } from '../consume/observer.ts'

/** What a sink has said of itself so far. */
export interface Said {
  /** Records that it is done with, copies and refused ones among them: its store answers. */
  stored: number
  /** Why it handed back what it did last, in the store's words. */
  reason: string | undefined
}

/** Keeps what the sink says that has this observer. */
export const listenToSink = (): { said: Readonly<Said>; observer: SinkObserver } => {
  const said: Said = { stored: 0, reason: undefined }
  return {
    said,
    observer: {
      consumed({ records, failed, reason }) {
        said.stored += records - failed
        said.reason = reason ?? said.reason
      },
    },
  }
}
