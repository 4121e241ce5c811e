/** A number without its fraction. */
export const whole = (value: number) => Math.round(value).toLocaleString('en')

/** A duration; a dash where there is none yet. */
export const ms = (value: number) =>
  Number.isFinite(value) ? `${value < 10 ? value.toFixed(1) : whole(value)} ms` : '–'
