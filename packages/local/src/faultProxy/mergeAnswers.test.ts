import { describe, expect, it } from 'vitest'
import { mergeAnswers } from './mergeAnswers.ts'
import type { RecordResult } from './putRecordsCall.ts'

const taken = (name: string) => ({ SequenceNumber: name, ShardId: 'shardId-000000000000' })
const failed = { ErrorCode: 'InternalFailure', ErrorMessage: 'Internal Service Failure' }

describe('mergeAnswers', () => {
  it('keeps every result in the place of its record', () => {
    const refused = [undefined, failed, undefined, failed, undefined]
    const forwarded = { FailedRecordCount: 0, Records: ['1', '2', '3'].map(taken) }
    expect(mergeAnswers(refused, forwarded)).toEqual({
      FailedRecordCount: 2,
      Records: [taken('1'), failed, taken('2'), failed, taken('3')],
    })
  })

  it('counts what the stream refused by itself', () => {
    const forwarded = { FailedRecordCount: 1, EncryptionType: 'NONE', Records: [failed, taken('1')] }
    expect(mergeAnswers([failed, undefined, undefined], forwarded)).toEqual({
      FailedRecordCount: 2,
      EncryptionType: 'NONE',
      Records: [failed, failed, taken('1')],
    })
  })

  it('says nothing of an error of a record that was taken, though kinesis-local says that it is null', () => {
    const taken = { SequenceNumber: '1', ShardId: 's', ErrorCode: null, ErrorMessage: null }
    const forwarded = { FailedRecordCount: 0, Records: [taken as unknown as RecordResult] }
    expect(mergeAnswers([undefined], forwarded)).toEqual({
      FailedRecordCount: 0,
      Records: [{ SequenceNumber: '1', ShardId: 's' }],
    })
  })

  it.each([
    ['fewer', []],
    ['more', [taken('1'), taken('2')]],
  ])('does not believe a stream that answers for %s records than it was given', (_, Records) => {
    expect(() => mergeAnswers([undefined], { Records })).toThrow('records than were forwarded')
  })
})
