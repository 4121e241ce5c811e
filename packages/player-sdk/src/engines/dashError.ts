import type { PlayerError } from '../engine.ts'
import { known } from './known.ts'

/** What the adapter reads of dash.js' `DashJSError`; the codes are those of `MediaPlayer.errors`. */
export interface DashErrorData {
  code: number
  name?: string
  message?: string
  data?: { request?: { mediaType?: string }; response?: { status?: number } } | null
}

/** What failed, by the code. */
const categoryOf = (code: string) => {
  if (/^(1..|24|36)/.test(code)) return 'drm'
  if (/^(23|35)/.test(code)) return 'source'
  if (/^(16|2[6-9])/.test(code)) return 'network'
  if (code === '33') return 'media'
  return /^\d/.test(code) ? 'manifest' : 'player'
}

/** An error of dash.js, which does not say whether playback can go on. */
export const dashError = (error: DashErrorData, fatal: boolean, recovered: boolean) => {
  const code = `${error.code || error.name}`
  return known<PlayerError>({
    severity: fatal ? 'fatal' : 'warning',
    category: categoryOf(code),
    code,
    message: error.message,
    http_status: () => error.data!.response!.status,
    recovered: !fatal && recovered,
  }) as PlayerError
}
