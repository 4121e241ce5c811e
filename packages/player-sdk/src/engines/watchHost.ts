import type { EngineSignals } from '../engine.ts'

/** The host of a URL. */
export const hostOf = (url: string) => new URL(url, location.href).host

/** Tells from where media comes, and why it is another host than before, where the engine said so since. */
export const watchHost = (signals: EngineSignals) => {
  let host: string | undefined
  let why: 'steering' | 'failover' | undefined
  return {
    /** The engine is about to ask elsewhere. */
    because(reason: 'steering' | 'failover') {
      why = reason
    },
    /** Media came from `url`, when `asked` was asked for it. */
    from(url: string, asked = url) {
      const next = hostOf(url)
      signals.host(url, hostOf(asked) === next ? why : 'redirect')
      if (host !== next) why = undefined
      host = next
    },
  }
}
