import type { Quarantine } from '@viewbeat/schema'
import type { Sink } from '@viewbeat/sinks'
import type { Mortal } from './createInstances.ts'
import type { Stream } from './createStream.ts'
import type { World } from './createWorld.ts'
import { memoryCheckpoints } from './memoryCheckpoints.ts'
import { openKeeper } from './openKeeper.ts'
import { runSink } from './runSink.ts'
import type { Sunk } from './sunk.ts'
import { createWavering, type Waver } from './wavering.ts'
import type { Stage } from './weather.ts'

/** What a sink's store is to the bench. */
export interface OpenedStore {
  /** Makes the sink of one instance of the function. */
  start: (mortal: Mortal, quarantine: Quarantine) => Sink
  onHandedIn?: (records: string[]) => () => void
  /** What is there in the end. */
  read: (done: ReturnType<typeof runSink>['done']) => Promise<Pick<Sunk, 'events' | 'views' | 'wrong'>>
}

/** What a store may need to know of its surroundings. */
export interface Surroundings {
  world: World
  stream: Stream
  /** How its calls misbehave. */
  waver: Waver
  /** Whether it refuses a document for good: always the same ones. */
  isRefused: (id: string) => boolean
}

/** Puts a sink at the end of the stream, with a store that misbehaves. */
export const openSink = async (
  stage: Stage,
  { world, stream }: Pick<Surroundings, 'world' | 'stream'>,
  open: (surroundings: Surroundings) => Promise<OpenedStore>,
) => {
  const weather = world.weather.sinks[stage]
  const waverOf = (name: string, wavering: typeof weather.store) =>
    createWavering(name, wavering, world.around(name))
  const { quarantine, kept } = openKeeper(world, `${stage} quarantine`, weather.quarantine)
  const { start, onHandedIn, read } = await open({
    world,
    stream,
    waver: waverOf(`${stage} store`, weather.store),
    isRefused: (id) => world.diceOf(`${stage} ${id}`).chance(weather.refuses),
  })
  const running = runSink(stage, weather, {
    ...world.around(stage),
    reader: stream.reader,
    checkpoints: memoryCheckpoints(world.weather.epoch, waverOf(`${stage} checkpoints`, weather.checkpoints)),
    quarantine,
    start: (mortal) => start(mortal, { put: mortal(quarantine.put) }),
    indexOf: stream.indexOf,
    ...(onHandedIn && { onHandedIn }),
  })
  return {
    stage,
    finish: running.finish,
    read: async (): Promise<Sunk> => ({
      stage,
      deliveries: running.deliveries,
      quarantined: kept,
      ...(await read(running.done)),
    }),
  }
}
