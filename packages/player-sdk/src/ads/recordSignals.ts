import type { AdSignals } from '../engine.ts'

/** A call of a signal: its name and what it was given. */
export type Told = [name: keyof AdSignals, ...args: unknown[]]

/** Signals that note what they are told, for tests. */
export const recordSignals = () => {
  const told: Told[] = []
  const note =
    (name: keyof AdSignals) =>
    (...args: unknown[]) => {
      told.push([name, ...args])
    }
  const signals: AdSignals = {
    breakStart: note('breakStart'),
    start: note('start'),
    quartile: note('quartile'),
    buffering: note('buffering'),
    paused: note('paused'),
    click: note('click'),
    end: note('end'),
    error: note('error'),
    breakEnd: note('breakEnd'),
  }
  return {
    signals,
    told,
    /** What was told since this was last asked. */
    take: () => told.splice(0),
  }
}
