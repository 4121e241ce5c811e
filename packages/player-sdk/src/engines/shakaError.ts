import type { PlayerError } from '../engine.ts'
import { known } from './known.ts'
import type { ShakaErrorData } from './shakaPlayer.ts'

/** `shaka.util.Error.Category` from 1 on. */
const CATEGORIES = 'network media media manifest media drm player player player ad'.split(' ')

/** `shaka.util.Error.Code.BAD_HTTP_STATUS`: its data are the URL, the status, the text, the headers and the type of the request. */
const BAD_HTTP_STATUS = 1001

/** An error of Shaka Player, whose message says no more than the code; critical ones are fatal. A failed request for a licence has the error of that in its data. */
export const shakaError = (error: ShakaErrorData) => {
  const { code, category, severity, data } = error
  const request = [error, data[0] as ShakaErrorData].find((of) => of?.code === BAD_HTTP_STATUS)
  return known<PlayerError>({
    severity: severity > 1 ? 'fatal' : 'warning',
    category: request?.data[4] === 0 ? 'manifest' : CATEGORIES[category - 1] || 'other',
    code: `${code}`,
    http_status: request?.data[1] as number,
    recovered: severity < 2 && category !== 2,
  }) as PlayerError
}
