import type { Bug } from './bug.ts'

const PUT_IN_CALLS = 'packages/ingest-lambda/src/aws/putInCalls.ts'
const HANDLER = 'packages/ingest-lambda/src/createHandler.ts'
const DRAIN = 'packages/ingest-lambda/src/spill/drainSpill.ts'
const TRANSPORT = 'packages/player-sdk/src/transport/createTransport.ts'
const SINK = 'packages/sinks/src/consume/createSink.ts'
const DELIVER = 'packages/local/src/mapping/createDeliver.ts'
const MAPPING = 'packages/local/src/mapping/startMapping.ts'

/** Bugs that somebody could write, each in one place of the product. */
export const BUGS: readonly Bug[] = [
  {
    name: 'the page forgets a batch that was answered 503',
    file: TRANSPORT,
    replacements: [['if (status === 202) {', 'if (status === 202 || status === 503) {']],
    breaks: ['lost'],
  },
  {
    name: 'the page does not count what its full queue drops',
    file: TRANSPORT,
    replacements: [['lose(batch, reason, batch.events.length - keep)', '']],
    breaks: ['lost'],
  },
  {
    name: 'the ingest takes a partial failure of PutRecords for success',
    file: PUT_IN_CALLS,
    replacements: [['return part.filter((_, index) => codes[index] !== undefined)', 'return []']],
    breaks: ['lost'],
  },
  {
    name: 'the ingest puts a whole call again when a part of it failed',
    file: PUT_IN_CALLS,
    replacements: [
      [
        'return part.filter((_, index) => codes[index] !== undefined)',
        'return codes.some((code) => code !== undefined) ? part : []',
      ],
    ],
    breaks: ['resent'],
  },
  {
    name: 'the ingest answers 202 before the put',
    file: HANDLER,
    replacements: [
      ['await store(records, deadline, facts)', 'void store(records, deadline, facts).catch(() => {})'],
    ],
    breaks: ['lost'],
  },
  {
    name: 'the ingest answers 202 though the spill failed',
    file: HANDLER,
    replacements: [["facts.failed.push('spill')", 'return']],
    breaks: ['lost'],
  },
  {
    name: 'the ingest does not keep what it rejects',
    file: HANDLER,
    replacements: [['if (entries.length > 0) await keep(entries, facts)', '']],
    breaks: ['lost'],
  },
  {
    name: 'the drain removes spilled records before it puts them',
    file: DRAIN,
    replacements: [
      [
        'const { left, cause } = await putRecords',
        'await objects.remove(name)\n    const { left, cause } = await putRecords',
      ],
    ],
    breaks: ['lost'],
  },
  {
    name: 'the mapping saves its checkpoint before the sink is done',
    file: DELIVER,
    replacements: [
      [
        'const { from, isThrottled, message } = await invoke',
        'await finish(tried)\n      const { from, isThrottled, message } = await invoke',
      ],
    ],
    breaks: ['lost', 'unfinished'],
  },
  {
    name: 'the mapping saves the last record that is done, with others before it under way',
    file: 'packages/local/src/mapping/createProgress.ts',
    replacements: [['const count = found === -1 ? open.length : found', 'const count = open.length']],
    breaks: ['lost', 'unfinished'],
  },
  {
    name: 'the mapping does not read what an answer says of failed records',
    file: 'packages/local/src/mapping/readAnswer.ts',
    replacements: [['if (!Array.isArray(failures))', 'if (failures)']],
    breaks: ['lost', 'order'],
  },
  {
    name: 'the mapping loses the middle record when it splits a batch',
    file: DELIVER,
    replacements: [['left.slice(middle)', 'left.slice(middle + 1)']],
    breaks: ['lost', 'unfinished'],
  },
  {
    name: 'the mapping reads a shard before those that it came of',
    file: MAPPING,
    replacements: [
      ['parentShardIds.every((parent) => !listed.has(parent) || isFinished(parent))', 'parentShardIds'],
    ],
    breaks: ['order'],
  },
  {
    name: 'the mapping gives up on records without telling the on-failure destination',
    file: DELIVER,
    replacements: [['await onFailure(discarded)', '']],
    breaks: ['lost'],
  },
  {
    name: 'the mapping goes on when the on-failure destination fails',
    file: DELIVER,
    replacements: [['await backOff(failures)', 'return true']],
    breaks: ['lost'],
  },
  {
    name: 'a sink reports the last failed record in place of the first',
    file: SINK,
    replacements: [['handedBack[0]', 'handedBack.at(-1)']],
    breaks: ['lost'],
  },
  {
    name: 'the store swallows what DuckDB throws',
    file: 'packages/sinks/src/store/createStoreWrite.ts',
    replacements: [['for (const { placed } of parts) ledger.fail(placed)', '']],
    breaks: ['lost'],
  },
  {
    name: 'the archive swallows what S3 throws',
    file: 'packages/sinks/src/archive/createArchiveSink.ts',
    replacements: [['for (const { sequenceNumber } of held) failed.push(sequenceNumber)', '']],
    breaks: ['lost'],
  },
  {
    name: 'a sink drops poison',
    file: SINK,
    replacements: [['[...poison, ...refused', '[...refused']],
    breaks: ['poison'],
  },
  {
    name: 'a sink takes what quarantine did not take for kept',
    file: SINK,
    replacements: [['notKept: entries.slice(kept)', 'notKept: []']],
    breaks: ['poison', 'lost'],
  },
  {
    name: 'the archive names its objects by chance',
    file: 'packages/sinks/src/archive/objectKey.ts',
    replacements: [['{membersOf(records)}.ndjson', '{membersOf(records) + Math.random()}.ndjson']],
    breaks: ['object'],
  },
  {
    name: 'the archive leaves out the last newline',
    file: 'packages/sinks/src/archive/openNdjsonGzip.ts',
    replacements: [['Buffer.concat(held), {', 'Buffer.concat(held).subarray(0, -1), {']],
    breaks: ['object'],
  },
  {
    name: 'search lets the index choose the ids of events',
    file: 'packages/sinks/src/search/eventOperations.ts',
    replacements: [['{event.seq}`,\n', '{event.seq + Math.random()}`,\n']],
    breaks: ['twice'],
  },
  {
    name: 'search sends everything again when one item was refused for now',
    file: 'packages/sinks/src/search/bulkAll.ts',
    replacements: [
      [
        'left = left.filter((number) => items[number] === undefined)',
        'if (left.every((number) => items[number] !== undefined)) left = []',
      ],
    ],
    breaks: ['resent'],
  },
  {
    name: 'search takes a busy index for one that has the document',
    file: 'packages/sinks/src/search/bulkAll.ts',
    replacements: [['|| status === 409', '|| status === 409 || status === 429']],
    breaks: ['lost'],
  },
  {
    name: 'search takes older totals for newer ones',
    file: 'packages/sinks/src/search/viewOperation.ts',
    replacements: [['FROM_TOTALS + Math.max(0, seq)', 'FROM_TOTALS - Math.max(0, seq)']],
    breaks: ['totals'],
  },
  {
    name: 'the store keeps the view record that came last',
    file: 'packages/sinks/src/store/openStore.ts',
    replacements: [['ELSE excluded.seq > views.seq END', 'ELSE true END']],
    breaks: ['totals'],
    needsDuckDb: true,
  },
]
