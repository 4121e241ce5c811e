import { metricsOf } from '@viewbeat/qoe'
import type { ViewRecord } from '@viewbeat/schema'
import { millis, percent, seconds } from './format.ts'

/** The quality figures of a view. */
export const Figures = ({ view }: { view: ViewRecord }) => {
  const metrics = metricsOf(view)
  const figures = {
    State: view.state,
    Outcome: view.outcome,
    'Startup time': millis(metrics.startup_ms),
    Played: seconds(view.playing_ms),
    Stalled: `${view.rebuffer_count} × · ${seconds(view.rebuffering_ms)}`,
    'Rebuffering ratio': percent(metrics.rebuffer_ratio),
    Paused: seconds(view.paused_ms),
    'Dropped frames': percent(metrics.dropped_frame_ratio),
  }
  return (
    <dl class="figures">
      {Object.entries(figures).map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}
