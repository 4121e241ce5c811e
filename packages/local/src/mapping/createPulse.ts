/** Something that others wait for to change. */
export const createPulse = () => {
  const waiting: (() => void)[] = []
  return {
    /** Resolves at the next change. */
    next: () => new Promise<void>((resolve) => waiting.push(resolve)),
    /** Something has changed. */
    give() {
      for (const resolve of waiting.splice(0)) resolve()
    },
  }
}
