import type { Chronicle } from './createChronicle.ts'
import type { Dice } from './createDice.ts'
import type { Time } from './createTime.ts'

/** How a store misbehaves: shares of its calls. */
export interface Wavering {
  /** Fails and has not done it. */
  fails: number
  /** Has done it and fails all the same. */
  failsAfter: number
  /** Takes long. */
  slow: number
  /** How long that is at most, ms. */
  longest_ms: number
}

/** A store that does not misbehave. */
export const STEADY: Wavering = { fails: 0, failsAfter: 0, slow: 0, longest_ms: 0 }

/** Makes calls of a store misbehave for as long as the storm lasts. */
export const createWavering =
  (
    name: string,
    wavering: Wavering,
    {
      time,
      dice,
      chronicle,
      isStormy,
    }: { time: Time; dice: Dice; chronicle: Chronicle; isStormy: () => boolean },
  ) =>
  <Arguments extends unknown[], Result>(what: string, act: (...given: Arguments) => Promise<Result>) =>
  async (...given: Arguments): Promise<Result> => {
    const luck = dice.random()
    const takes_ms = dice.between(1, 30)
    if (!isStormy()) {
      await time.sleep(takes_ms)
      return act(...given)
    }
    const isSlow = dice.chance(wavering.slow)
    if (isSlow) {
      const ms = dice.between(100, wavering.longest_ms)
      chronicle.fault(`${name} slow`, `${name}: ${what} takes ${ms} ms`)
      await time.sleep(ms)
    } else await time.sleep(takes_ms)
    if (luck < wavering.fails) {
      chronicle.fault(`${name} failed`, `${name}: ${what} failed`)
      throw new Error(`${name} is away`)
    }
    const result = await act(...given)
    if (luck < wavering.fails + wavering.failsAfter) {
      chronicle.fault(`${name} failed after it was done`, `${name}: ${what} was done, and failed`)
      throw new Error(`${name} did it and could not say so`)
    }
    return result
  }

/** Makes a call of a store misbehave. */
export type Waver = ReturnType<typeof createWavering>
