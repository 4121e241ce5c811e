import type { Quarantine, QuarantineEntry } from '@viewbeat/schema'
import type { Sink } from '@viewbeat/sinks'
import type { KinesisStreamEvent } from 'aws-lambda'
import type { Discarded } from '../mapping/discarded.ts'
import type { Checkpoints } from '../mapping/openCheckpoints.ts'
import { quarantineOnFailure } from '../mapping/quarantineOnFailure.ts'
import type { ShardReader } from '../mapping/shardReader.ts'
import { type Mapping, startMapping } from '../mapping/startMapping.ts'
import type { Chronicle } from './createChronicle.ts'
import type { Dice } from './createDice.ts'
import { createInstances, type Mortal } from './createInstances.ts'
import type { Time } from './createTime.ts'
import type { SinkWeather, Stage } from './weather.ts'

/** What happened between a mapping and its sink, in order. Records by their sequence numbers. */
export type Delivery =
  | { what: 'invoked'; invocation: number; records: string[] }
  /** `from`: the first record that is not done; undefined when all are. */
  | { what: 'answered'; invocation: number; records: string[]; from: string | undefined }
  | { what: 'failed'; invocation: number; records: string[] }
  | { what: 'discarded'; records: string[] }
  | { what: 'crashed' }

const numbersOf = ({ Records }: KinesisStreamEvent) => Records.map(({ kinesis }) => kinesis.sequenceNumber)

/** Runs one sink at the end of the stream as Lambda does: its mapping, its function's instances, what kills them. */
export const runSink = (
  stage: Stage,
  weather: SinkWeather,
  {
    time,
    dice,
    chronicle,
    isStormy,
    reader,
    checkpoints,
    quarantine,
    start,
    indexOf,
    onHandedIn = () => () => {},
  }: {
    time: Time
    dice: Dice
    chronicle: Chronicle
    isStormy: () => boolean
    reader: ShardReader
    checkpoints: Checkpoints
    /** Where the sink and its mapping put what nobody takes. */
    quarantine: Quarantine
    /** Makes the sink of one instance of the function. */
    start: (mortal: Mortal) => Sink
    /** A record's place on the stream, for the story. */
    indexOf: (sequenceNumber: string) => number
    /** Hears when the function has records in its hands, and when it has given them back: `done`. */
    onHandedIn?: (records: string[]) => () => void
  },
) => {
  const deliveries: Delivery[] = []
  /** Invocations that the function was done with, to be repeated. */
  const done: KinesisStreamEvent[] = []
  const functions = createInstances(start)
  const onFailure = quarantineOnFailure({ stage, quarantine, now: time.epoch })
  let invocations = 0
  let mapping: Mapping | undefined
  let life = 0

  const places = (records: readonly string[]) => records.map(indexOf).join(' ')

  const invoke: Sink = async (event, context) => {
    const invocation = invocations++
    const records = numbersOf(event)
    const say = (text: string, fault?: string) => {
      const line = `${stage}: invocation ${invocation} of records ${places(records)}: ${text}`
      if (fault) chronicle.fault(`${stage} ${fault}`, line)
      else chronicle.tell(line)
    }
    if (isStormy() && dice.chance(weather.throttled)) {
      say('throttled', 'throttled')
      throw Object.assign(new Error('Rate Exceeded.'), { name: 'TooManyRequestsException' })
    }
    deliveries.push({ what: 'invoked', invocation, records })
    const giveBack = onHandedIn(records)
    const over = new AbortController()
    const mayDie = isStormy() && dice.chance(weather.dies)
    const death = time.sleep(dice.between(0, 100), over.signal).then(() => new Error('Runtime exited'))
    try {
      const answer = await functions.invoke(mayDie ? death : undefined, event, context)
      // One that died has not given them back: what it had under way goes on.
      giveBack()
      const from = answer.batchItemFailures[0]?.itemIdentifier
      if (isStormy() && dice.chance(weather.losesAnswer)) {
        say('its answer is lost', 'lost its answer')
        throw new Error('Unhandled')
      }
      say(from === undefined ? 'done' : `not done from record ${indexOf(from)} on`)
      deliveries.push({ what: 'answered', invocation, records, from })
      if (from === undefined) done.push(event)
      return answer
    } catch (error) {
      say((error as Error).message, 'invocation failed')
      deliveries.push({ what: 'failed', invocation, records })
      throw error
    } finally {
      over.abort()
    }
  }

  const discard = async (discarded: Discarded) => {
    const records = discarded.items.map(({ sequenceNumber }) => sequenceNumber)
    await onFailure(discarded)
    chronicle.fault(
      `${stage} discarded`,
      `${stage}: records ${places(records)} to the on-failure destination: ${discarded.condition}`,
    )
    deliveries.push({ what: 'discarded', records })
  }

  const open = () => {
    mapping = startMapping({
      name: stage,
      reader,
      sink: invoke,
      checkpoints,
      onFailure: discard,
      clock: time.mappingClock,
      log: (message) => chronicle.tell(message),
      settings: weather.settings[Math.min(life++, weather.settings.length - 1)]!,
    })
  }
  const crash = () => {
    chronicle.fault(`${stage} crashed`, `${stage}: mapping and function die`)
    mapping?.crash()
    mapping = undefined
    functions.killAll()
    deliveries.push({ what: 'crashed' })
  }
  const live = async () => {
    open()
    for (const { at, for_ms } of weather.crashes) {
      await time.sleep(at - time.now())
      crash()
      await time.sleep(for_ms)
      chronicle.tell(`${stage}: starts again`)
      open()
    }
  }
  const lived = live()

  return {
    stage,
    deliveries,
    done,
    /** Lets the mapping read to the end, and ends it. Resolves when it has. */
    async finish(withinMs: number) {
      await lived
      await mapping!.drain(withinMs)
    },
  }
}

/** Entries that a stage keeps. */
export type Kept = QuarantineEntry[]

/** A sink at the end of the stream. */
export type RunningSink = ReturnType<typeof runSink>
