import { askFault, type FaultState, fetchFaults } from './api.ts'
import { seconds } from './format.ts'
import { usePolled } from './usePolled.ts'

const STALL_MS = 8000
const AWAY_MS = 10_000

const Fault = ({ label, left, fault }: { label: string; left: string; fault: Partial<FaultState> }) => (
  <button type="button" class={left ? 'active' : ''} onClick={() => void askFault(fault)}>
    {label}
    {left && ` · ${left}`}
  </button>
)

/** Buttons that break the network on purpose. */
export const Faults = () => {
  const state = usePolled(fetchFaults, 500, 'faults')
  const leftOf = (ms: number | undefined) => (ms ? seconds(ms) : '')
  return (
    <div class="buttons">
      <Fault
        label="Stall the network for 8 s"
        left={leftOf(state?.hold_media_ms)}
        fault={{ hold_media_ms: STALL_MS }}
      />
      <Fault
        label="Fail a segment"
        left={state?.fail_segments ? 'next one' : ''}
        fault={{ fail_segments: 1 }}
      />
      <Fault
        label="Take the collector away for 10 s"
        left={leftOf(state?.collector_down_ms)}
        fault={{ collector_down_ms: AWAY_MS }}
      />
    </div>
  )
}
