import type { ShardItem } from '../mapping/shardReader.ts'
import type { Dice } from './createDice.ts'

/** Bytes that are no record, of some kind. `items`: what is on the stream already. */
export const makePoison = (dice: Dice, items: readonly ShardItem[]): Buffer => {
  const record = items.length > 0 ? dice.pick(items).data : Buffer.from('{"v":1}\n')
  return dice.pick([
    () => Buffer.from('not JSON at all'),
    () => Buffer.from(record.subarray(0, Math.floor(record.length / 2))),
    () => Buffer.from('{"v":2,"received_at":1,"publisher":"demo","batch":{}}\n'),
    () => Buffer.from('{"v":1,"received_at":1,"publisher":"demo","batch":{"view_id":"v","events":[{}]}}\n'),
    () => Buffer.from([0xf3, 0x89, 0x9a, 0xc2, 0, 255, 254, dice.between(0, 255)]),
    () => Buffer.alloc(0),
    () => Buffer.from('null'),
  ])()
}
