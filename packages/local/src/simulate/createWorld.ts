import { createChronicle } from './createChronicle.ts'
import { createDice, type Dice } from './createDice.ts'
import { createTime } from './createTime.ts'
import { makeWeather } from './weather.ts'

/** What all parts of a seed share: its time, its weather, its chronicle; and chances for each of them, by its name. */
export const createWorld = (seed: number) => {
  const weather = makeWeather(createDice(seed, 'weather'))
  const time = createTime(weather.epoch)
  const chronicle = createChronicle(time.now)
  const isStormy = () => time.now() < weather.clearsAt
  return {
    seed,
    weather,
    time,
    chronicle,
    /** What a part of the world is given. */
    around: (part: string) => ({ time, dice: createDice(seed, part), chronicle, isStormy }),
    isStormy,
    /** A chance that is always the same for the same thing. */
    diceOf: (thing: string): Dice => createDice(seed, thing),
  }
}

/** What all parts of a seed share. */
export type World = ReturnType<typeof createWorld>
