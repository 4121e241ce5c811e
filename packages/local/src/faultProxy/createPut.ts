import type { Shard } from '@aws-sdk/client-kinesis'
import type { ShardThrottle } from './createShardThrottle.ts'
import type { Fault, RecordErrorCode } from './fault.ts'
import { findOversize } from './findOversize.ts'
import { mergeAnswers } from './mergeAnswers.ts'
import { bytesOf, type PutRecordsAnswer, type PutRecordsCall, type RecordResult } from './putRecordsCall.ts'
import { shardOf } from './shardOf.ts'

/** What the proxy did with one PutRecords call, for a test that wants to tell its story. */
export interface ProxiedCall {
  fault: Fault
  records: number
  /** How many records the fault refused. */
  failed: number
  /** How many records were over their shard's limit. */
  throttled: number
  /** How many records the stream took. */
  taken: number
}

/** What the client gets: an answer as the service words it, or a connection that is cut. */
export type PutOutcome = { status: number; body: object } | 'cut'

/** What the stream said to what was forwarded. */
export type PutForwarded =
  | { ok: true; answer: PutRecordsAnswer }
  | { ok: false; status: number; body: object }

const ACCOUNT = '000000000000'

const MESSAGES = {
  InternalFailure: 'Internal Service Failure',
  ServiceUnavailable: 'The request has failed due to a temporary failure of the server.',
  ProvisionedThroughputExceededException: 'Rate exceeded for the stream',
}

const refuse = (code: RecordErrorCode, shard: string, stream: string | undefined): RecordResult => ({
  ErrorCode: code,
  ErrorMessage:
    code === 'InternalFailure'
      ? MESSAGES.InternalFailure
      : `Rate exceeded for shard ${shard} in stream ${stream} under account ${ACCOUNT}.`,
})

const failWith = (status: number, code: string, message: string): PutOutcome => ({
  status,
  body: { __type: code, message },
})

/** Answers PutRecords calls as a service would that has faults and limits; `forward` puts what is left of a call. */
export const createPut =
  ({
    shards,
    choose,
    throttle,
    wait,
    onCall,
  }: {
    shards: readonly Shard[]
    choose: (call: PutRecordsCall) => Fault
    throttle: ShardThrottle
    wait: (ms: number) => Promise<unknown>
    onCall: (call: ProxiedCall) => void
  }) =>
  async (
    call: PutRecordsCall,
    forward: (rest: PutRecordsCall) => Promise<PutForwarded>,
  ): Promise<PutOutcome> => {
    const oversize = findOversize(call)
    if (oversize) return failWith(400, oversize.code, oversize.message)

    const fault = choose(call)
    const told: ProxiedCall = { fault, records: call.Records.length, failed: 0, throttled: 0, taken: 0 }
    if (fault.kind === 'cut' || fault.kind === 'call') {
      onCall(told)
      return fault.kind === 'cut' ? 'cut' : failWith(fault.status, fault.code, MESSAGES[fault.code])
    }
    if (fault.kind === 'delay') await wait(fault.ms)

    const refused = call.Records.map((record, index) => {
      const shard = shardOf(shards, record)
      const error = fault.kind === 'records' ? fault.errors[index] : undefined
      if (error) {
        told.failed++
        return refuse(error, shard, call.StreamName)
      }
      if (throttle(shard, bytesOf(record))) return undefined
      told.throttled++
      return refuse('ProvisionedThroughputExceededException', shard, call.StreamName)
    })
    const rest = call.Records.filter((_, index) => !refused[index])
    const forwarded: PutForwarded =
      rest.length > 0 ? await forward({ ...call, Records: rest }) : { ok: true, answer: { Records: [] } }
    if (!forwarded.ok) return forwarded
    const answer = mergeAnswers(refused, forwarded.answer)
    told.taken = answer.Records.length - (answer.FailedRecordCount ?? 0)
    onCall(told)
    return fault.kind === 'drop' ? 'cut' : { status: 200, body: answer }
  }
