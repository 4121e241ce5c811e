import type { PlayerError } from '../engine.ts'
import { known } from './known.ts'

/** What the adapter reads of video.js' `MediaError`. */
export interface VideojsErrorData {
  code: number
  message?: string
  status?: number | null
  metadata?: { errorType?: string } | null
}

/** What failed, by the code of a `MediaError`. VHS says 3 of all that it knows no code for; of a decoder the element tells. */
const CATEGORIES = ['player', 'other', 'network', 'media', 'source', 'drm'] as const

/** What failed, by the `Error` of video.js where there is one: newer ones say it too. */
const categoryOf = (type: string, code: number) => {
  if (/playlist|manifest/.test(type)) return 'manifest'
  if (/network/.test(type)) return 'network'
  return /segment|codec/.test(type) ? 'media' : CATEGORIES[code] || 'other'
}

/** An error that video.js shows to the viewer: it plays no more. */
export const videojsError = (error: VideojsErrorData) => {
  const { code, message, status, metadata } = error
  const type = metadata?.errorType || ''
  const { errorTypes } = error.constructor as unknown as { errorTypes?: string[] }
  return known<PlayerError>({
    severity: 'fatal',
    category: categoryOf(type, code),
    code: type || errorTypes?.[code] || `${code}`,
    engine_code: `${code}`,
    message,
    http_status: status,
  }) as PlayerError
}
