import { type Batch, encodeRecord, type QuarantineEntry } from '@viewbeat/schema'
import { describe, expect, it } from 'vitest'
import type { Delivery } from './deliver.ts'
import { judge } from './judge.ts'
import { idOf, viewIdOf } from './makeBody.ts'
import type { Scene } from './playSeed.ts'

const VIEW = viewIdOf(1, 0)
const event = (seq: number) => ({ seq, type: 'custom', name: 'told' })
const scrap = Buffer.from('half').toString('base64')

const lies = (seq: number, partitionKey = VIEW, as: object = event(seq)) => ({
  partitionKey,
  data: encodeRecord({
    v: 1,
    received_at: 1,
    publisher: 'test',
    client: { ip_prefix: '192.0.2.0/24' },
    batch: { view_id: VIEW, events: [as] } as unknown as Batch,
  }),
})
const refused = { view_id: VIEW, seqs: [1] } as QuarantineEntry
const unreadable = { body_base64: scrap } as QuarantineEntry

/** A scene in which event 0 is good, event 1 is bad and a line is rubbish, all of it answered for. */
const scene = ({ delivery, ...instead }: Partial<Scene> & { delivery?: Delivery } = {}): Scene => ({
  seed: 1,
  sent: [
    {
      body: {
        bytes: Buffer.alloc(0),
        contentType: 'text/plain',
        events: [0, 1].map((seq) => ({ id: idOf(VIEW, seq), event: event(seq), isGood: seq === 0 })),
        scraps: [scrap],
        rejections: 2,
      },
      delivery: delivery ?? {
        fate: 'stored',
        receipt: { accepted: 1, rejected: Array(2).fill({}) },
        tries: 1,
      },
    },
  ],
  spilled: [],
  quarantined: [refused, unreadable],
  met: {},
  mayRepeat: false,
  isHealed: false,
  story: [],
  ...instead,
})

describe('the judge', () => {
  it('finds nothing wrong where every event is accounted for, on the stream or in the spill', () => {
    expect(judge(scene(), [lies(0)])).toEqual([])
    expect(judge(scene({ spilled: [Buffer.from(lies(0).data)] }), [])).toEqual([])
  })

  it('asks nothing of what the sender still has', () => {
    expect(judge(scene({ delivery: { fate: 'kept', tries: 3 }, quarantined: [] }), [])).toEqual([])
  })

  it.each([
    ['an event that is lost', scene(), [], 'was accepted and is lost'],
    ['an event that is there twice', scene(), [lies(0), lies(0)], '2 times without a cause'],
    ['an event that was never sent', scene(), [lies(0), lies(7)], 'was never sent'],
    [
      'an event that became another',
      scene(),
      [lies(0, VIEW, { ...event(0), name: 'x' })],
      'as another event',
    ],
    ['a bad event on the stream', scene(), [lies(0), lies(1)], 'though it is bad'],
    ['a record under a foreign key', scene(), [lies(0, 'other')], 'under the key other'],
    [
      'a rejected event that nobody kept',
      scene({ quarantined: [unreadable] }),
      [lies(0)],
      'not in quarantine',
    ],
    ['rubbish that nobody kept', scene({ quarantined: [refused] }), [lies(0)], 'half is not in quarantine'],
    [
      'a good event in quarantine',
      scene({ quarantined: [{ ...refused, seqs: [0, 1] }, unreadable] }),
      [lies(0)],
      'in quarantine without a cause',
    ],
    [
      'a receipt that miscounts',
      scene({ delivery: { fate: 'stored', receipt: { accepted: 2, rejected: [] }, tries: 1 } }),
      [lies(0)],
      'The receipt says 2 and 0',
    ],
    [
      'a readable body that was refused as unreadable',
      scene({ delivery: { fate: 'unreadable', tries: 1 } }),
      [lies(0)],
      'was answered as unreadable',
    ],
    [
      'a body that is still refused when all is well',
      scene({ delivery: { fate: 'kept', tries: 3 }, isHealed: true }),
      [],
      'a body is refused',
    ],
    [
      'a spill that is not empty when all is well',
      scene({ spilled: [Buffer.from(lies(0).data)], isHealed: true }),
      [],
      'records are spilled',
    ],
  ])('sees %s', (_, played, lying, said) => {
    expect(judge(played, lying).join('\n')).toContain(said)
  })

  it('allows copies where something happened that makes them', () => {
    expect(judge(scene({ mayRepeat: true }), [lies(0), lies(0)])).toEqual([])
  })
})
