import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type Fault,
  type ProxiedCall,
  type PutRecordsCall,
  type ShardThrottle,
  startFaultProxy,
} from '@viewbeat/local'
import { startKinesis } from '../../packages/local/src/stream/startKinesis.ts'

/** Who says what goes wrong between the ingest and the stream, and hears what did. */
export interface Director {
  choose: (call: PutRecordsCall) => Fault
  throttle: ShardThrottle
  onCall: (call: ProxiedCall) => void
}

/** A stream behind a fault proxy, whose faults are another's for each scene. */
export const openStage = async () => {
  const folder = await mkdtemp(join(tmpdir(), 'viewbeat-faults-'))
  const stream = await startKinesis(folder)
  let director: Director | undefined
  const proxy = await startFaultProxy({
    stream,
    choose: (call) => director!.choose(call),
    throttle: (shard, bytes) => director!.throttle(shard, bytes),
    onCall: (call) => director!.onCall(call),
  })
  return {
    stream,
    environment: proxy.environment,
    direct(next: Director) {
      director = next
    },
    async close() {
      await proxy.stop()
      await stream.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** A stream behind a fault proxy. */
export type Stage = Awaited<ReturnType<typeof openStage>>
