/**
 * What DuckDB calls a fault of the data: https://duckdb.org/docs/stable/dev/internal_errors. Others (`IO Error`,
 * `Out of Memory Error`, `FATAL Error` …) are of the machine, and may pass.
 */
const DATA_FAULT =
  /^(Conversion|Constraint|Invalid Input|Out of Range|Mismatch Type|Parameter Not Allowed|Invalid type) Error/

/** Whether a write failed because of what was to be written, so that it would fail again for ever. */
export const isRefusal = (error: unknown): boolean =>
  // Ours: an event that cannot be folded, or nests too deep to be written.
  error instanceof TypeError ||
  error instanceof RangeError ||
  DATA_FAULT.test(String((error as Error)?.message))

/** What the fault is called: never its text, which may hold a value. */
export const nameOfRefusal = (error: unknown): string =>
  DATA_FAULT.exec((error as Error).message)?.[0] ?? (error as Error).name
