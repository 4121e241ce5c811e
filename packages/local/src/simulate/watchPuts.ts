import type { PutRecordsAnswer, PutRecordsCall } from '../faultProxy/putRecordsCall.ts'
import type { Stream } from './createStream.ts'
import type { Finding } from './finding.ts'

/** Watches that a record is not put again of which the stream has said that it took it. A record is of one request. */
export const watchPuts = (call: Stream['call']) => {
  const wrong: Finding[] = []
  const taken = new Set<string>()
  return {
    wrong,
    async call<Answer>(service: string, action: string, input: string, timeout_ms: number): Promise<Answer> {
      const { Records } = JSON.parse(input) as PutRecordsCall
      for (const { Data, PartitionKey } of Records)
        if (taken.has(Data))
          wrong.push({
            kind: 'resent',
            text: 'ingest: a record is put again though the stream took it',
            viewId: PartitionKey,
          })
      const answer = await call<Answer>(service, action, input, timeout_ms)
      const results = (answer as PutRecordsAnswer).Records
      for (const [place, { Data }] of Records.entries())
        if ('SequenceNumber' in results[place]!) taken.add(Data)
      return answer
    },
  }
}
