import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { openCheckpoints } from './openCheckpoints.ts'

let folder: string
let file: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'viewbeat-checkpoints-'))
  file = join(folder, 'here', 'archive.json')
})

describe('checkpoints', () => {
  it('are there after a restart', async () => {
    await (await openCheckpoints(file, 1)).set('shard', '42')
    expect((await openCheckpoints(file, 1)).get('shard')).toBe('42')
  })

  it('are there after a restart with the time of their records, the shards that are done, and the first start', async () => {
    const before = await openCheckpoints(file, 1, () => 7)
    await before.set('shard', '42', 1000)
    await before.finish('parent')
    const after = await openCheckpoints(file, 1, () => 8)
    expect(after.arrivedAt?.('shard')).toBe(1000)
    expect([after.isFinished('parent'), after.isFinished('shard')]).toEqual([true, false])
    expect(after.startedAt).toBe(7)
  })

  it('of another stream are forgotten', async () => {
    await (await openCheckpoints(file, 1)).set('shard', '42')
    expect((await openCheckpoints(file, 2)).get('shard')).toBeUndefined()
  })

  it('that cannot be read stand for the beginning of the stream', async () => {
    await mkdir(join(folder, 'here'))
    await writeFile(file, '{"half":')
    const { get, startedAt } = await openCheckpoints(file, 1, () => 7)
    expect([get('shard'), startedAt]).toEqual([undefined, 0])
  })

  it('know the first start of a mapping that was killed before it was done with anything', async () => {
    await openCheckpoints(file, 1, () => 7)
    expect((await openCheckpoints(file, 1, () => 8)).startedAt).toBe(7)
  })

  it('are saved again after a save that failed', async () => {
    const checkpoints = await openCheckpoints(file, 1)
    await rm(join(folder, 'here'), { recursive: true })
    await expect(checkpoints.set('shard', '1')).rejects.toThrow('ENOENT')
    await mkdir(join(folder, 'here'))
    await checkpoints.set('shard', '2')
    expect((await openCheckpoints(file, 1)).get('shard')).toBe('2')
  })
})
