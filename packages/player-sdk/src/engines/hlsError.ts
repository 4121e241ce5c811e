import type { PlayerError } from '../engine.ts'
import { known } from './known.ts'

/** What the adapter reads of hls.js' `ErrorData`. */
export interface HlsErrorData {
  type?: string
  details: string
  fatal?: boolean
  error?: { message?: string }
  reason?: string
  response?: { code?: number }
  /** `action` is one of hls.js' `NetworkErrorAction`: 0 and 1 do nothing, those above are a way out. */
  errorAction?: { action: number }
}

/** hls.js has moved the playhead over a hole, or a bit further to get it going. */
export const isNudge = ({ details, fatal }: HlsErrorData) => !fatal && /Over|Nudge/.test(details)

const categoryOf = (details: string, type: string | undefined) => {
  if (/codec/i.test(details)) return 'source'
  if (/key|decr/i.test(details)) return 'drm'
  if (type === 'networkError') return /^frag/.test(details) ? 'network' : 'manifest'
  return type === 'otherError' ? 'player' : 'media'
}

/** An error of hls.js: what is not fatal is a warning, and it is recovered where hls.js did something about it. */
export const hlsError = (data: HlsErrorData) => {
  const { details, fatal, response, errorAction } = data
  return known<PlayerError>({
    severity: fatal ? 'fatal' : 'warning',
    category: categoryOf(details, data.type),
    code: details,
    message: data.error ? data.error.message : data.reason,
    // What was answered but makes no sense has a status too.
    http_status: () => response!.code! > 399 && response!.code,
    recovered: () => !fatal && (isNudge(data) || errorAction!.action > 1),
  }) as PlayerError
}
