import { describe, expect, it } from 'vitest'
import { createAccount } from './createAccount.ts'

const body = (...lines: [seqs: number[], dropped?: Record<string, number>][]) =>
  lines
    .map(([seqs, dropped = {}]) => JSON.stringify({ dropped, events: seqs.map((seq) => ({ seq })) }))
    .join('\n')

const opened = (captured: number) => {
  const account = createAccount('a-view')
  for (let event = 0; event < captured; event++) account.capture()
  return account
}

describe('the account of a view', () => {
  it('counts an accepted event once, however often it was sent', () => {
    const account = opened(3)
    const first = account.sent(body([[0, 1, 2]]))
    const copy = account.sent(body([[0, 1, 2]]))
    expect([first.again, copy.again]).toEqual([false, true])
    expect(account.received(first, '{"accepted":3,"rejected":[]}')).toEqual({ accepted: 3, isWhole: true })
    expect(account.received(copy, '{"accepted":3,"rejected":[]}')).toEqual({ accepted: 0, isWhole: true })
    expect(account.close(0)).toMatchObject({ captured: 3, accepted: 3, waiting: 0 })
  })

  it('knows rejected events by their number, and those of a batch that was refused whole', () => {
    const account = opened(5)
    const sent = account.sent(body([[0, 1]], [[2, 3, 4]]))
    const rejected = [
      { batch: 0, index: 1, seq: 1 },
      { batch: 1, index: null, seq: null },
    ]
    expect(account.received(sent, JSON.stringify({ accepted: 1, rejected }))).toMatchObject({ isWhole: true })
    expect(account.close(0)).toMatchObject({ accepted: 1, rejected: 4, waiting: 0 })
  })

  it('takes what is sampled out for what was meant', () => {
    const account = opened(2)
    const sent = account.sent(body([[0, 1]]))
    expect(account.received(sent, '{"accepted":0,"rejected":[],"sampled_out":2}').isWhole).toBe(true)
    expect(account.close(0)).toMatchObject({ accepted: 0, sampledOut: 2, waiting: 0 })
  })

  it('believes a loss only when a batch that was answered for reports it', () => {
    const account = opened(6)
    account.received(account.sent(body([[0, 1]])), '{"accepted":2,"rejected":[]}')
    account.received(account.sent(body([[5], { queue_full: 2 }])), '{"accepted":1,"rejected":[]}')
    account.sent(body([[6], { queue_full: 3 }]))
    expect(account.close(3)).toMatchObject({ accepted: 3, reportedDropped: 2, untold: 1, waiting: 0 })
  })

  it('has what nobody answered for as waiting', () => {
    const account = opened(3)
    account.sent(body([[0, 1, 2]]))
    expect(account.close(0)).toMatchObject({ accepted: 0, waiting: 3 })
  })

  it('sees a receipt that does not account for what was sent', () => {
    const account = opened(3)
    const sent = account.sent(body([[0, 1, 2]]))
    expect(account.received(sent, '{"accepted":2,"rejected":[]}').isWhole).toBe(false)
  })
})
