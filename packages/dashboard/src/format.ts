/** ms as seconds with one digit behind the point. */
export const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`

/** ms, or a dash where it is unknown. */
export const millis = (ms: number | null | undefined) => (ms == null ? '–' : `${Math.round(ms)} ms`)

/** A ratio as per cent, or a dash where it is unknown. */
export const percent = (ratio: number | null) => (ratio === null ? '–' : `${(ratio * 100).toFixed(1)} %`)

/** A wall-clock time of day. */
export const timeOfDay = (epoch: number) => new Date(epoch).toLocaleTimeString()
