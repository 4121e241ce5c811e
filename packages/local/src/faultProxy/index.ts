export { chooseFault, type FaultRates } from './chooseFault.ts'
export type { ProxiedCall } from './createPut.ts'
export { createRandom } from './createRandom.ts'
export {
  createShardThrottle,
  SHARD_LIMITS,
  type ShardLimits,
  type ShardThrottle,
} from './createShardThrottle.ts'
export type { CallError, Fault, RecordErrorCode } from './fault.ts'
export type { PutRecordsCall } from './putRecordsCall.ts'
export { type FaultProxy, startFaultProxy } from './startFaultProxy.ts'
