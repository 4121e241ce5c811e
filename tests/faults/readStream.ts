import { createAws } from '../../packages/ingest-lambda/src/index.ts'
import type { LocalStream } from '../../packages/local/src/stream/startKinesis.ts'

/** A record as it lies on the stream. */
export interface LyingRecord {
  partitionKey: string
  data: Uint8Array
}

interface Page {
  Records: { PartitionKey: string; Data: string }[]
  NextShardIterator?: string
}

/** Reads a stream from its beginning to its end. */
export const readStream = async ({
  environment,
  streamName: StreamName,
}: Pick<LocalStream, 'environment' | 'streamName'>): Promise<LyingRecord[]> => {
  const aws = createAws(environment)
  const call = <Answer>(action: string, input: object) =>
    aws.call<Answer>('kinesis', `Kinesis_20131202.${action}`, JSON.stringify(input), 10_000)
  const records: LyingRecord[] = []
  const { Shards } = await call<{ Shards: { ShardId: string }[] }>('ListShards', { StreamName })
  for (const { ShardId } of Shards) {
    const begin = { StreamName, ShardId, ShardIteratorType: 'TRIM_HORIZON' }
    let { ShardIterator: iterator } = await call<{ ShardIterator?: string }>('GetShardIterator', begin)
    while (iterator) {
      const page: Page = await call('GetRecords', { ShardIterator: iterator, Limit: 1000 })
      for (const { PartitionKey, Data } of page.Records)
        records.push({ partitionKey: PartitionKey, data: Buffer.from(Data, 'base64') })
      iterator = page.Records.length > 0 ? page.NextShardIterator : undefined
    }
  }
  return records
}
