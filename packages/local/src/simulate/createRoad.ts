import { toGatewayEvent } from '../gateway/toGatewayEvent.ts'
import { aboutBody } from './about.ts'
import type { Chronicle } from './createChronicle.ts'
import type { Dice } from './createDice.ts'
import type { Answered, Ingest } from './createIngest.ts'
import type { Time } from './createTime.ts'
import type { Weather } from './weather.ts'

/** What a sender puts on the road. */
export interface Sent {
  bytes: Buffer
  /** What the bytes say, before they were packed. */
  text: string
  contentType: string
}

/** The time a page gives an attempt, as the SDK has it, ms. */
export const PATIENCE_MS = 35_000

/** What something between the page and the function answers. */
const OTHERS: readonly Answered[] = [
  { status: 200, retryAfterMs: 0, text: 'Welcome to the hotel' },
  { status: 429, retryAfterMs: 3000, text: '' },
  { status: 502, retryAfterMs: 0, text: '' },
  { status: 504, retryAfterMs: 0, text: '' },
]

const ORDER = ['refuse', 'lose', 'loseAnswer', 'late', 'lateAnswer', 'twice', 'other'] as const

/** The way from pages to the ingest, on which requests and answers are lost, late, or doubled. Rejects where no answer comes. */
export const createRoad = (
  weather: Pick<Weather, 'network' | 'largestBody'>,
  {
    time,
    dice,
    chronicle,
    isStormy,
    ingest,
  }: { time: Time; dice: Dice; chronicle: Chronicle; isStormy: () => boolean; ingest: Pick<Ingest, 'post'> },
) => {
  const arrive = ({ bytes, contentType }: Sent) => {
    const headers = { 'content-type': contentType, 'user-agent': 'Mozilla/5.0', host: 'ingest.example' }
    const url = '/v1/events?key=pk_demo'
    const socket = { remoteAddress: '192.0.2.7' }
    return ingest.post(toGatewayEvent({ method: 'POST', url, headers, socket }, bytes, time.epoch()))
  }
  const choose = () => {
    let left = dice.random()
    return ORDER.find((fate) => {
      left -= weather.network[fate]
      return left < 0
    })
  }

  return async (who: string, sent: Sent, mayFail = true): Promise<Answered> => {
    const about = aboutBody(sent.text)
    const say = (fate: string, text: string) => chronicle.fault(`network: ${fate}`, `${who}: ${text}`, about)
    const noAnswer = async (after: number): Promise<never> => {
      await time.sleep(after)
      throw new Error('Failed to fetch')
    }
    const giveUp = new AbortController()
    const within = async (answer: Promise<Answered>) => {
      try {
        return await Promise.race([
          answer,
          time.sleep(PATIENCE_MS, giveUp.signal).then(() => {
            throw new Error('Failed to fetch')
          }),
        ])
      } finally {
        giveUp.abort()
      }
    }
    await time.sleep(dice.between(10, 200))
    if (sent.bytes.length > weather.largestBody && isStormy()) {
      say('too large', `a body of ${sent.bytes.length} bytes is too large for the gateway`)
      return { status: 413, retryAfterMs: 0, text: '' }
    }
    const fate = mayFail && isStormy() ? choose() : undefined
    if (fate === 'refuse') {
      say(fate, 'a request is refused')
      return noAnswer(0)
    }
    if (fate === 'lose') {
      say(fate, 'a request is lost')
      return noAnswer(PATIENCE_MS)
    }
    if (fate === 'other') {
      const answer = dice.pick(OTHERS)
      say(fate, `a request is answered ${answer.status} on the way`)
      return answer
    }
    if (fate === 'loseAnswer') {
      const { status } = await arrive(sent)
      say(fate, `the answer ${status} is lost`)
      return noAnswer(0)
    }
    if (fate === 'late') {
      const ms = dice.between(1000, 60_000)
      say(fate, `a request takes ${ms} ms`)
      return within(time.sleep(ms).then(() => arrive(sent)))
    }
    if (fate === 'lateAnswer') {
      const ms = dice.between(1000, 60_000)
      say(fate, `an answer takes ${ms} ms`)
      return within(
        arrive(sent).then(async (answer) => {
          await time.sleep(ms)
          return answer
        }),
      )
    }
    if (fate === 'twice') {
      say(fate, 'a request arrives twice')
      time.sleep(dice.between(1, 20_000)).then(() => arrive(sent))
    }
    const answer = await within(arrive(sent))
    chronicle.tell(`${who}: answered ${answer.status}`, about)
    await time.sleep(dice.between(10, 200))
    return answer
  }
}

/** The way from pages to the ingest. */
export type Road = ReturnType<typeof createRoad>
