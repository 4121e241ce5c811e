import { charge } from '../charge.ts'
import { count } from '../format.ts'
import { type Line, line } from '../line.ts'
import { GB } from '../month.ts'
import type { Settings, Shape } from '../settings.ts'
import type { Traffic } from '../trafficOf.ts'

/** What stands in front of the function, and what leaves through it. */
export const gateway = (
  shape: Shape,
  { requests, bodyBytes }: Pick<Traffic, 'requests' | 'bodyBytes'>,
  { answerBytes }: Pick<Settings, 'answerBytes'>,
): Line[] => {
  const out = (requests * answerBytes) / GB
  const answers = `${count(requests)} answers × ${count(answerBytes)} B = ${count(out)} GB`
  if (shape === 'cloudfront')
    return [
      line('gateway', charge('cloudFrontRequest', requests)),
      line('bodies to origin', charge('cloudFrontToOrigin', bodyBytes / GB, `${count(bodyBytes / GB)} GB`)),
      line('data out', charge('cloudFrontOut', out, answers)),
    ]
  const front: Line =
    shape === 'function-url'
      ? {
          what: 'gateway',
          words: 'a function URL has no charge of its own',
          usd: 0,
          prices: [],
          counted: true,
        }
      : line('gateway', charge(shape === 'rest' ? 'restApiRequest' : 'httpApiRequest', requests))
  return [front, line('data out', charge('dataOut', out, answers))]
}
