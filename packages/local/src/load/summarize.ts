import type { ViewAccount } from './createAccount.ts'
import type { LoadReport } from './runLoad.ts'

/** The account of all views. */
export interface Summary {
  captured: number
  accepted: number
  rejected: number
  sampledOut: number
  reportedDropped: number
  untold: number
  waiting: number
  /** captured = accepted + rejected + sampled out + reported dropped, for every view, and every receipt adds up. */
  holds: boolean
  /** Views for which it does not hold. */
  broken: ViewAccount[]
}

const NAMES = [
  'captured',
  'accepted',
  'rejected',
  'sampledOut',
  'reportedDropped',
  'untold',
  'waiting',
] as const

/** Adds the views up, and says of which the account does not hold. */
export const summarize = ({ views, oddReceipts }: Pick<LoadReport, 'views' | 'oddReceipts'>): Summary => {
  const sums = Object.fromEntries(
    NAMES.map((name) => [name, views.reduce((sum, view) => sum + view[name], 0)]),
  ) as Record<(typeof NAMES)[number], number>
  const broken = views.filter(({ untold, waiting }) => untold !== 0 || waiting !== 0)
  return { ...sums, broken, holds: broken.length === 0 && oddReceipts === 0 }
}
