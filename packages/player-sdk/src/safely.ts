/** What `read` answers, or `otherwise` where the player's getters throw. */
export const attempt = <T>(read: () => T, otherwise: T): T => {
  try {
    return read()
  } catch {
    return otherwise
  }
}

/**
 * Wraps what the page calls, so that nothing of ours ever throws into it: a measurement library must not break what
 * it measures.
 */
export const safely =
  <A extends unknown[]>(run: (...args: A) => void) =>
  (...args: A): void => {
    try {
      run(...args)
    } catch {
      // An event that cannot be captured is worth less than the page.
    }
  }
