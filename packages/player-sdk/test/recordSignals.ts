import type { EngineSignals } from '../src/engine.ts'

/** Signals that keep what an engine told, in its order. */
export const recordSignals = () => {
  const told: { signal: string; args: unknown[] }[] = []
  const signals = new Proxy({} as EngineSignals, {
    get:
      (_, signal: string) =>
      (...args: unknown[]) =>
        told.push({ signal, args }),
  })
  return {
    signals,
    told,
    /** The arguments of each call of one signal. */
    of: <S extends keyof Omit<EngineSignals, 'ads'>>(signal: S) =>
      told.filter((call) => call.signal === signal).map(({ args }) => args as Parameters<EngineSignals[S]>),
  }
}
