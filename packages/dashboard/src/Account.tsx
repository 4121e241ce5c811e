import type { ViewAnswer } from './api.ts'

/** The promise, as numbers: what the player captured, and where each of those events is now. */
export const Account = ({
  captured,
  accounting,
}: {
  captured: number
  accounting: ViewAnswer['accounting']
}) => {
  const { delivered, quarantined, dropped } = accounting
  const waiting = captured - delivered - quarantined - dropped
  return (
    <div class="account" data-waiting={waiting}>
      <span>
        <b>{captured}</b> captured
      </span>
      =
      <span>
        <b>{delivered}</b> delivered
      </span>
      +
      <span>
        <b>{quarantined}</b> quarantined
      </span>
      +
      <span>
        <b>{dropped}</b> dropped
      </span>
      {waiting > 0 && <span class="waiting">{waiting} on their way</span>}
      {waiting < 0 && <span class="waiting">{-waiting} too many</span>}
      {waiting === 0 && <span class="verdict">✓ none lost</span>}
    </div>
  )
}
