import type { Quarantine, QuarantineEntry } from '@viewbeat/schema'
import type { World } from './createWorld.ts'
import { createWavering, type Wavering } from './wavering.ts'

/** A quarantine in memory that misbehaves. `kept`: what it has. */
export const openKeeper = (
  world: World,
  name: string,
  wavering: Wavering,
): { quarantine: Quarantine; kept: QuarantineEntry[] } => {
  const kept: QuarantineEntry[] = []
  const waver = createWavering(name, wavering, world.around(name))
  const put = waver('put', async (entries: QuarantineEntry[]) => void kept.push(...entries))
  return { quarantine: { put }, kept }
}
