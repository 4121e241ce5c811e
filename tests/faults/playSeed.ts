import { createHash } from 'node:crypto'
import {
  chooseFault,
  createRandom,
  createShardThrottle,
  type FaultRates,
  type PutRecordsCall,
} from '@viewbeat/local'
import type { QuarantineEntry } from '@viewbeat/schema'
import {
  type Aws,
  createAws,
  createDrain,
  createHandler,
  createSpill,
  kinesisPutRecords,
  readKeyBook,
} from '../../packages/ingest-lambda/src/index.ts'
import { toGatewayEvent } from '../../packages/local/src/gateway/toGatewayEvent.ts'
import { createWavering } from './createWavering.ts'
import { type Delivery, deliver } from './deliver.ts'
import { makeBody, type SentBody, viewIdOf } from './makeBody.ts'
import { memoryObjects } from './memoryObjects.ts'
import type { Director, Stage } from './openStage.ts'

/** What a seed's scene came to. */
export interface Scene {
  seed: number
  sent: { body: SentBody; delivery: Delivery }[]
  /** The lines that wait in the spill. */
  spilled: Buffer[]
  quarantined: QuarantineEntry[]
  /** How often each thing went wrong. */
  met: Record<string, number>
  /** Whether anything happened that lets a record lie on the stream twice. */
  mayRepeat: boolean
  /** Whether all was put right in the end: then nothing waits anywhere. */
  isHealed: boolean
  /** What happened, a line each. */
  story: string[]
}

const CALM: FaultRates = { records: 0, call: 0, delay: 0, cut: 0, drop: 0 }

/** How the stream is. */
const WEATHERS: readonly FaultRates[] = [
  CALM,
  { ...CALM, records: 0.7 },
  { records: 0.3, call: 0.15, delay: 0.05, cut: 0.1, drop: 0.1 },
  { ...CALM, records: 0.1, call: 0.5, cut: 0.3 },
  { ...CALM, drop: 0.5 },
]

const HEALING_TRIES = 4

/** A call's own chances, by what it puts and how often that was put: calls that are under way together come in any order. */
const createChances = (seed: number) => {
  const tries = new Map<string, number>()
  return ({ Records }: PutRecordsCall) => {
    const content = Records.map(({ PartitionKey, Data }) => `${PartitionKey} ${Data.length}`).join()
    const again = tries.get(content) ?? 0
    tries.set(content, again + 1)
    const digest = createHash('md5').update(`${seed} ${again} ${content}`).digest()
    return createRandom(digest.readUInt32LE())
  }
}

/** Plays one scene: some bodies are posted to the ingest while what it stands on fails as the seed has it. */
export const playSeed = async (seed: number, stage: Stage): Promise<Scene> => {
  const random = createRandom(seed)
  const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)]!
  const met: Scene['met'] = {}
  const meet = (what: string, times = 1) => {
    if (times > 0) met[what] = (met[what] ?? 0) + times
  }
  const story: string[] = []
  const tell = (line: string) => void story.push(line)

  // Time passes when somebody waits, and a millisecond whenever somebody looks.
  let clock = 1_790_000_000_000
  const now = () => ++clock
  const wait = async (ms: number) => {
    clock += Math.ceil(ms)
  }

  let rates = pick(WEATHERS)
  const isThrottled = random() < 0.2
  let throttle = isThrottled ? createShardThrottle({ recordsPerS: 3, bytesPerS: 5000 }, now) : () => true
  const chances = createChances(seed)
  const director: Director = {
    choose: (call) => chooseFault(chances(call), rates, call.Records.length),
    throttle: (shard, bytes) => throttle(shard, bytes),
    onCall({ fault, records, failed, throttled, taken }) {
      meet(fault.kind)
      meet('throttled', throttled)
      tell(`  call of ${records}: ${fault.kind}, ${failed} failed, ${throttled} throttled, ${taken} taken`)
    },
  }
  stage.direct(director)

  const spillFaults = createWavering(random)
  spillFaults.state.share = pick([0, 0, 0.5])
  const quarantineFaults = createWavering(random)
  quarantineFaults.state.share = pick([0, 0, 0.3])
  const memory = memoryObjects()
  const objects = {
    put: spillFaults.waver(memory.put),
    list: spillFaults.waver(memory.list),
    get: spillFaults.waver(memory.get),
    remove: spillFaults.waver(memory.remove),
  }
  const quarantined: QuarantineEntry[] = []
  const quarantine = {
    put: quarantineFaults.waver(async (entries: QuarantineEntry[]) => void quarantined.push(...entries)),
  }
  // One call at a time where shards are throttled: which of several comes first, no seed could say.
  const limits = isThrottled
    ? { items: 500, bytes: 10 * 1024 * 1024 }
    : { items: pick([500, 2, 1]), bytes: pick([10 * 1024 * 1024, 6000]) }
  const aws = createAws(stage.environment)
  const patient: Pick<Aws, 'call'> = {
    // A slow machine is none of the faults.
    call: (service, action, input) => aws.call(service, action, input, 60_000),
  }
  const timing = { limits, now, random, wait }
  const putRecords = kinesisPutRecords(patient, stage.stream.streamName, timing)
  const hasSpill = random() < 0.8
  const quota_events_per_s = random() < 0.15 ? { quota_events_per_s: 1 } : {}
  const { keys } = readKeyBook({ pk_test: { publisher: 'test', origins: ['*'], ...quota_events_per_s } })!
  const handler = createHandler({
    keys: () => keys,
    putRecords,
    spill: hasSpill ? createSpill(objects, now) : undefined,
    quarantine,
    observer: { answered: ({ spilled }) => meet('spilled', spilled), keysInTrouble: () => {} },
    now,
  })
  const drain = createDrain({ objects, putRecords, quarantine, now, observe: () => {} })

  const post = async (body: SentBody) => {
    const request = {
      method: 'POST',
      url: '/v1/events?key=pk_test',
      headers: { host: 'ingest.example', 'content-type': body.contentType },
      socket: { remoteAddress: '192.0.2.1' },
    }
    const event = toGatewayEvent(request, body.bytes)
    const left = pick([15_000, 15_000, 9000, 8200])
    const answer = await handler(event, { getRemainingTimeInMillis: () => left })
    meet(String(answer.statusCode))
    tell(`post of ${body.events.length} events: ${answer.statusCode} ${answer.body ?? ''}`)
    return answer
  }
  const send = (body: SentBody, most: number) => deliver(body, post, (ms) => void wait(ms), most)
  const tryDrain = async () => {
    try {
      const { found, drained, records } = await drain(undefined, { getRemainingTimeInMillis: () => 60_000 })
      meet('drained', records)
      // What of an object was put before the stream failed comes again.
      meet('drain stopped', found - drained)
      tell(`drain: ${drained} of ${found} objects, ${records} records`)
    } catch (error) {
      meet('drain failed')
      tell(`drain: ${(error as Error).message}`)
    }
  }

  const views = Array.from({ length: 3 }, (_, view) => ({ id: viewIdOf(seed, view), seq: 0 }))
  const sent: Scene['sent'] = []
  for (let count = pick([2, 3, 4]); count > 0; count--) {
    const body = makeBody(random, views, `${seed}-${count}`)
    sent.push({ body, delivery: await send(body, pick([1, 3])) })
    if (random() < 0.3) await tryDrain()
  }

  const isHealed = random() < 0.6
  if (isHealed) {
    tell('all is well again')
    rates = CALM
    throttle = () => true
    spillFaults.state.share = 0
    quarantineFaults.state.share = 0
    for (const one of sent)
      if (one.delivery.fate === 'kept') one.delivery = await send(one.body, HEALING_TRIES)
    await tryDrain()
  }
  meet('spill failed', spillFaults.state.failed)
  meet('quarantine failed', quarantineFaults.state.failed)
  return {
    seed,
    sent,
    spilled: [...memory.bodies.values()].flatMap((body) =>
      body
        .toString()
        .split(/(?<=\n)/)
        .map((line) => Buffer.from(line)),
    ),
    quarantined,
    met,
    mayRepeat: ['drop', '503', 'spill failed', 'drain failed', 'drain stopped'].some((what) => met[what]),
    isHealed,
    story,
  }
}
