import { charge } from '../charge.ts'
import { count } from '../format.ts'
import { type Line, line } from '../line.ts'
import type { Settings } from '../settings.ts'
import type { Traffic } from '../trafficOf.ts'

/** The function: each request, and the time it takes. */
export const lambda = (
  { requests }: Pick<Traffic, 'requests'>,
  { memoryMb, handlerMs }: Pick<Settings, 'memoryMb' | 'handlerMs'>,
): Line[] => {
  const gb = memoryMb / 1024
  const how = `${count(requests)} × ${count(handlerMs)} ms × ${count(gb)} GB`
  return [
    line('Lambda requests', charge('lambdaRequest', requests)),
    line('Lambda time', charge('lambdaTime', requests * (handlerMs / 1000) * gb, how)),
  ]
}
