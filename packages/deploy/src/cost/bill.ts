import { gateway } from './components/gateway.ts'
import { kinesis } from './components/kinesis.ts'
import { lambda } from './components/lambda.ts'
import { observability } from './components/observability.ts'
import { quarantine } from './components/quarantine.ts'
import { archive, search } from './components/sinks.ts'
import { spill } from './components/spill.ts'
import type { Line } from './line.ts'
import type { Settings, Shape } from './settings.ts'
import { type Traffic, trafficOf, type ViewSends } from './trafficOf.ts'

/** What one shape costs a month. */
export interface Bill {
  shape: Shape
  traffic: Traffic
  lines: Line[]
  usd: number
  usdPerMillionEvents: number
  usdPerThousandViews: number
}

const per = (usd: number, amount: number) => (amount > 0 ? usd / amount : 0)

const readersOf = ({ readers, archive, searchNodes }: Settings) =>
  readers + Number(archive !== 'off') + Number(searchNodes > 0)

/** The month's bill of a shape for these views. */
export const bill = (shape: Shape, view: ViewSends, viewsPerDay: number, settings: Settings): Bill => {
  const traffic = trafficOf(view, viewsPerDay, shape !== 'rest')
  const lines = [
    ...gateway(shape, traffic, settings),
    ...lambda(traffic, settings),
    ...kinesis(traffic, { ...settings, readers: readersOf(settings) }),
    ...quarantine(traffic, settings),
    ...spill(traffic, settings),
    ...archive(traffic, settings),
    ...search(traffic, settings),
    ...observability(shape, traffic, settings),
  ]
  const usd = lines.reduce((sum, line) => sum + (line.counted ? line.usd : 0), 0)
  return {
    shape,
    traffic,
    lines,
    usd,
    usdPerMillionEvents: per(usd, traffic.events / 1e6),
    usdPerThousandViews: per(usd, traffic.views / 1e3),
  }
}
