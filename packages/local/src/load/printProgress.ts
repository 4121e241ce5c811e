import { ms, whole } from './format.ts'
import type { Progress } from './runLoad.ts'

/** One line of how far it has come. */
export const printProgress = (
  { seconds, begun, underWay, captured, accepted, requests, again, p50, p99 }: Progress,
  views: number,
): string =>
  [
    `${whole(seconds)} s`,
    `${whole(underWay)} views under way, ${whole(begun)} of ${whole(views)} begun`,
    `${whole(captured)} events, ${whole(accepted)} accepted`,
    `${whole(requests)} requests${again ? `, ${whole(again)} again` : ''}`,
    `p50 ${ms(p50)}, p99 ${ms(p99)}`,
  ].join(' · ')
