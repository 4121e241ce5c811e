/** What `read` answers, or `otherwise` where it throws: players, storages and hosts do. */
export const attempt = <T, O = undefined>(read: () => T, otherwise?: O): T | O => {
  try {
    return read()
  } catch {
    return otherwise as O
  }
}

/**
 * Wraps what the page calls, so that nothing of ours ever throws into it: a measurement library must not break what
 * it measures. An event that cannot be captured is worth less than the page.
 */
export const safely =
  <A extends unknown[]>(run: (...args: A) => void) =>
  (...args: A): void =>
    attempt(() => run(...args))

/** The same functions, none of which throws. */
export const guard = <T extends object>(functions: T): T => {
  const guarded = {} as Record<string, unknown>
  for (const [name, run] of Object.entries(functions)) guarded[name] = safely(run as () => void)
  return guarded as T
}
