import type { EventOf, EventType } from '../events/index.ts'
import type { STATES } from '../fields.ts'
import type { CmcdRecord, Typed } from './readRecord.ts'
import { amount, hostOf, largest, smallest, text } from './recordValues.ts'

/** A state of ours. */
export type State = (typeof STATES)[number] | 'quit'

/** What one record says in our words: the fields of the type, and the keys of the record that they hold. */
export interface Mapped {
  type: EventType
  fields: Record<string, unknown>
  used: readonly string[]
}

const STATE_TOKENS: ReadonlyMap<string, State> = new Map<string, State>(
  Object.entries({
    d: 'preloading',
    s: 'starting',
    p: 'playing',
    k: 'seeking',
    r: 'rebuffering',
    a: 'paused',
    e: 'ended',
    f: 'failed',
    q: 'quit',
  } as const),
)

const OBJECT_TOKENS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    m: 'manifest',
    v: 'video',
    a: 'audio',
    av: 'muxed',
    i: 'init',
    k: 'key',
    c: 'text',
    tt: 'text',
  }),
)

/** Tokens that our word says as exactly: `c` and `tt` are both text. */
const ONE_TO_ONE = new Set(['m', 'v', 'a', 'av', 'i', 'k', 'o'])

/** The state that a record says the view is in, in our words. */
export const stateOf = (record: CmcdRecord): State | undefined => STATE_TOKENS.get(text(record, 'sta') ?? '')

/** An id that our fields can hold. */
const idOf = (record: CmcdRecord): string | undefined => {
  const id = text(record, 'cid')
  return id && [...id].length <= 128 ? id : undefined
}

const kilo = (number: number | undefined) => (number === undefined ? undefined : number * 1000)

const map = <T extends EventType>(
  type: T,
  fields: { [K in keyof EventOf<T>]?: EventOf<T>[K] | undefined },
  ...used: string[]
): Mapped => ({
  type,
  fields: Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)),
  used: ['e', ...used],
})

/** A kind of report that has no event of ours: noted under its token, with all that it says in `ext`. */
const note = (token: string): Mapped => map('custom', { name: `cmcd.${token}` })

/** Cumulative counts are ours too; what is per object type counts once, as the viewer saw it. */
const totalsOf = (record: CmcdRecord) => {
  const totals = {
    rebuffer_count: largest(record, 'bsa'),
    rebuffering_ms: largest(record, 'bsda'),
    frames_dropped: amount(record, 'dfa'),
    startup_ms: amount(record, 'msd'),
  }
  return Object.fromEntries(Object.entries(totals).filter(([, value]) => value !== undefined))
}

const TOTALS = ['bsa', 'bsda', 'dfa', 'msd']

const ofPlaying = (record: CmcdRecord, before: State | undefined): Mapped => {
  const startup_ms = amount(record, 'msd')
  if (startup_ms !== undefined) return map('first_frame', { startup_ms }, 'sta', 'msd')
  const duration_ms = largest(record, 'bsd')
  if (duration_ms !== undefined)
    return map('rebuffer_end', { duration_ms, ended_by: 'resume' }, 'sta', 'bsd', 'bs')
  return map('playing', { from_state: before }, 'sta')
}

const ofState = (record: CmcdRecord, before: State | undefined): Mapped => {
  switch (stateOf(record)) {
    case 'preloading':
      return map('view_start', {}, 'sta')
    case 'starting':
      return map('play_request', { initiator: 'unknown', resume: false }, 'sta')
    case 'playing':
      return ofPlaying(record, before)
    case 'seeking':
      return map('seek_start', { from_ms: amount(record, 'pt') ?? null }, 'sta')
    case 'rebuffering':
      return map('rebuffer_start', { buffer_ms: smallest(record, 'bl') }, 'sta', 'bl')
    case 'paused':
      return map('pause', { reason: 'unknown' }, 'sta')
    case 'ended':
      return map('pause', { reason: 'ended' }, 'sta')
    case 'failed':
      return map('view_end', { reason: 'failed', totals: totalsOf(record) }, 'sta', ...TOTALS)
    case 'quit':
      return map('view_end', { reason: 'quit', totals: totalsOf(record) }, 'sta', ...TOTALS)
    default:
      return note('ps')
  }
}

const ofError = (record: CmcdRecord): Mapped => {
  const codes = (record.keys.get('ec') as Typed<string>[] | undefined)?.map(([code]) => code) ?? []
  const severity = stateOf(record) === 'failed' ? 'fatal' : 'warning'
  const code = codes[0]?.slice(0, 64) || 'unknown'
  return map('error', { severity, category: 'other', code }, 'sta', ...(codes[0] === code ? ['ec'] : []))
}

const outcomeOf = (status: number | undefined) =>
  status === undefined ? 'unknown' : status >= 200 && status < 400 ? 'ok' : 'failed'

const ofResponse = (record: CmcdRecord): Mapped => {
  const status = amount(record, 'rc')
  const duration_ms = amount(record, 'ttlb')
  const firstByte = amount(record, 'ttfb')
  // dash.js 5 sends the clock instead of a duration now and then: a first byte cannot come after the last.
  const isSane = firstByte !== undefined && firstByte <= (duration_ms ?? 86_400_000)
  const token = text(record, 'ot') ?? ''
  const object = OBJECT_TOKENS.get(token) ?? 'other'
  return map(
    'request',
    {
      object,
      host: hostOf(record),
      status: status || undefined,
      ttfb_ms: isSane ? firstByte : undefined,
      duration_ms,
      media_ms: amount(record, 'd'),
      bitrate_bps: kilo(largest(record, 'br')),
      outcome: outcomeOf(status),
    },
    ...['rc', 'ttlb', 'd', 'url', ...(isSane ? ['ttfb'] : []), ...(ONE_TO_ONE.has(token) ? ['ot'] : [])],
  )
}

const ofInterval = (record: CmcdRecord): Mapped => {
  const latency_ms = amount(record, 'ltc')
  return map(
    'heartbeat',
    {
      totals: totalsOf(record),
      buffer_ms: smallest(record, 'bl'),
      throughput_bps: kilo(largest(record, 'mtp')),
      live: latency_ms === undefined ? undefined : { latency_ms },
    },
    ...[...TOTALS, 'bl', 'mtp', 'ltc'],
  )
}

/**
 * Says one record in our words. `before` is the state of the session as its last record left it, if that is known.
 * What has no event of ours becomes a `custom` event named after the token.
 */
export const toEvent = (token: string, record: CmcdRecord, before: State | undefined): Mapped => {
  const id = idOf(record)
  switch (token) {
    case 'ps':
      return ofState(record, before)
    case 't':
      return ofInterval(record)
    case 'e':
      return ofError(record)
    case 'rr':
      return ofResponse(record)
    case 'pr':
      return map('rate_change', { rate: (record.keys.get('pr') as number | undefined) ?? 1 }, 'pr')
    case 'm':
    case 'um':
      return map('player_change', { muted: token === 'm' })
    case 'b':
      return map('visibility_change', { visible: record.keys.get('bg') !== true, cause: 'tab' }, 'bg')
    case 'h': {
      const host = hostOf(record)
      return host === undefined ? note(token) : map('cdn_change', { host, reason: 'unknown' }, 'h')
    }
    case 'c':
      return id === undefined ? note(token) : map('program_change', { content_id: id })
    case 'abs':
      return map('ad_break_start', { position: 'unknown', insertion: 'unknown' })
    case 'abe':
      return map('ad_break_end', {})
    case 'as':
      return map('ad_start', { in_ad: true, ad_id: id }, ...(id ? ['cid'] : []))
    case 'ae':
      return map('ad_end', { in_ad: true, ad_id: id, reason: 'unknown' }, ...(id ? ['cid'] : []))
    case 'ce': {
      const said = text(record, 'cen')
      const name = said?.slice(0, 64) || 'cmcd.ce'
      return map('custom', { name }, ...(name === said ? ['cen'] : []))
    }
    default:
      return note(token)
  }
}
