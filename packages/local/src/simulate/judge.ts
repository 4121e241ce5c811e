import type { Finding } from './finding.ts'
import { judgeOrder } from './judgeOrder.ts'
import { judgeSenders } from './judgeSenders.ts'
import { judgeSink } from './judgeSink.ts'
import type { Scene } from './playSeed.ts'
import { readStream } from './readStream.ts'

/** Says what is wrong with what a seed came to: nothing, where every event is accounted for in every sink. */
export const judge = (scene: Scene): Finding[] => {
  const stream = readStream(scene.stream)
  const unfinished = scene.unfinished.map((text): Finding => ({ kind: 'unfinished', text }))
  if (scene.waiting > 0)
    unfinished.push({
      kind: 'unfinished',
      text: `All is well, and yet ${scene.waiting} objects wait in the spill`,
    })
  return [
    ...unfinished,
    ...scene.puts,
    ...judgeSenders(scene, stream),
    ...scene.sinks.flatMap((sink) => [...judgeSink(scene, sink, stream), ...judgeOrder(scene, sink)]),
  ]
}
