/** For what is not known. */
export const NONE = '–'

/** The last moment that a date can be of; devices may say later ones. */
const LATEST = 8.64e15

/** `2026-11-22 12:00:00.000`, in UTC. */
export const toMoment = (time: number) =>
  Math.abs(time) <= LATEST ? new Date(time).toISOString().slice(0, -1).replace('T', ' ') : String(time)

/** `12:00:00.000` */
export const toClock = (time: number) => toMoment(time).slice(11)

/** `1:02:03.4`, `2:03.4`, `3.4 s` */
export const toDuration = (ms: number): string => {
  const seconds = Math.abs(ms) / 1000
  const sign = ms < 0 ? '-' : ''
  if (seconds < 60) return `${sign}${seconds.toFixed(seconds < 10 ? 2 : 1)} s`
  const rest = (seconds % 60).toFixed(1).padStart(4, '0')
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${sign}${minutes}:${rest}`
  return `${sign}${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}:${rest}`
}

/** `1,234 ms` */
export const toMs = (ms: number | null | undefined) =>
  ms === null || ms === undefined ? NONE : `${Math.round(ms).toLocaleString('en')} ms`

/** `12.3 %` */
export const toShare = (share: number | null) => (share === null ? NONE : `${(share * 100).toFixed(1)} %`)

/** `12:03.456` of a view, as a column. */
export const toOffset = (ms: number) => {
  const minutes = Math.floor(ms / 60_000)
  return `${minutes}:${((ms % 60_000) / 1000).toFixed(3).padStart(6, '0')}`
}
