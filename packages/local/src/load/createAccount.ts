/** What became of the events of a view. */
export interface ViewAccount {
  viewId: string
  captured: number
  /** Answered 202 and not rejected; each counts once, however often it was sent. */
  accepted: number
  rejected: number
  sampledOut: number
  /** What batches that were answered for say is lost. */
  reportedDropped: number
  /** What is known of in the page only: the SDK counted it as lost and could not tell any more. */
  untold: number
  /** Still waits in the page. */
  waiting: number
}

interface Line {
  events: { seq: number }[]
  dropped?: Record<string, number>
}

/** A body, as the account sees it. */
export interface Body {
  lines: Line[]
  events: number
  again: boolean
}

interface Receipt {
  accepted: number
  rejected: { batch: number; seq: number | null }[]
  omitted?: number
  sampled_out?: number
}

const total = (losses: Record<string, number> = {}) =>
  Object.values(losses).reduce((sum, events) => sum + events, 0)

/** Keeps the account of one view: by its bodies, and by what the ingest answered to them. */
export const createAccount = (viewId: string) => {
  const accepted = new Set<number>()
  const rejected = new Set<number>()
  const sampledOut = new Set<number>()
  let captured = 0
  let told = 0
  let highest = -1

  return {
    capture: () => {
      captured++
    },
    /** A body leaves; answers what is in it, and whether some of it had left before. */
    sent(text: string): Body {
      const lines = text.split('\n').map((line) => JSON.parse(line) as Line)
      let events = 0
      let again = false
      let last = highest
      for (const line of lines)
        for (const { seq } of line.events) {
          events++
          again ||= seq <= highest
          last = Math.max(last, seq)
        }
      highest = last
      return { lines, events, again }
    },
    /** A 202 and its receipt; answers how many events are accepted by it, and whether it accounts for all that was sent. */
    received({ lines, events }: Body, answer: string): { accepted: number; isWhole: boolean } {
      const receipt = JSON.parse(answer) as Receipt
      const before = accepted.size
      const refused = new Set<number>()
      for (const { batch, seq } of receipt.rejected)
        if (seq !== null) refused.add(seq)
        else for (const event of lines[batch]?.events ?? []) refused.add(event.seq)
      const rest = receipt.sampled_out ? sampledOut : accepted
      for (const line of lines) {
        for (const { seq } of line.events) (refused.has(seq) ? rejected : rest).add(seq)
        told = Math.max(told, total(line.dropped))
      }
      const said = receipt.accepted + refused.size + (receipt.sampled_out ?? 0) + (receipt.omitted ?? 0)
      return { accepted: accepted.size - before, isWhole: said === events }
    },
    /** `lost`: what the SDK counted as lost, told or not. */
    close(lost: number): ViewAccount {
      const known = accepted.size + rejected.size + sampledOut.size
      const untold = lost - told
      return {
        viewId,
        captured,
        accepted: accepted.size,
        rejected: rejected.size,
        sampledOut: sampledOut.size,
        reportedDropped: told,
        untold,
        waiting: captured - known - told - untold,
      }
    },
  }
}

/** The account of one view, as it is kept. */
export type OpenAccount = ReturnType<typeof createAccount>
