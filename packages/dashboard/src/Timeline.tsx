import { stateTimeline } from '@viewbeat/qoe'
import type { ViewAnswer } from './api.ts'
import { seconds } from './format.ts'

const colour = (state: string) => `var(--${state})`

/** The states of a view as a coloured strip, in proportion. */
export const Timeline = ({ events }: { events: ViewAnswer['events'] }) => {
  const stretches = stateTimeline(events).filter(({ from_ms, to_ms }) => to_ms > from_ms)
  const states = [...new Set(stretches.map(({ state }) => state))]
  return (
    <>
      <div class="strip">
        {stretches.map(({ state, from_ms, to_ms }) => (
          <i
            key={from_ms}
            data-state={state}
            title={`${state}: ${seconds(to_ms - from_ms)} from ${seconds(from_ms)}`}
            style={{ flex: `${to_ms - from_ms} 0 0`, background: colour(state) }}
          />
        ))}
      </div>
      <div class="legend">
        {states.map((state) => (
          <span key={state}>
            <span class="swatch" style={{ background: colour(state) }} />
            {state}
          </span>
        ))}
      </div>
    </>
  )
}
