/** A fault in how the ingest is set up: thrown at start, naming what to change. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError'
  readonly code = 'bad_configuration'
  constructor(variable: string, expected: string, cause?: unknown) {
    super(`${variable}: ${expected}`, { cause })
  }
}

/** Data could not be made safe (stream or quarantine unavailable): the sender must keep it. */
export class UnavailableError extends Error {
  override readonly name = 'UnavailableError'
  readonly code = 'unavailable'
}
