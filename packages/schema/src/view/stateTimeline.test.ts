import { describe, expect, it } from 'vitest'
import { stateTimeline } from './stateTimeline.ts'

const at = (seq: number, t_ms: number, state: 'starting' | 'playing' | 'paused') => ({ seq, t_ms, state })

describe('stateTimeline', () => {
  const events = [at(0, 0, 'starting'), at(1, 300, 'playing'), at(2, 900, 'playing'), at(3, 1000, 'paused')]

  it('joins what stays in one state', () => {
    expect(stateTimeline(events)).toEqual([
      { state: 'starting', from_ms: 0, to_ms: 300 },
      { state: 'playing', from_ms: 300, to_ms: 1000 },
      { state: 'paused', from_ms: 1000, to_ms: 1000 },
    ])
  })

  it('does not mind order or repetition', () => {
    expect(stateTimeline([...events, ...events].reverse())).toEqual(stateTimeline(events))
  })
})
