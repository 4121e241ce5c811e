/** Makes a store fail sometimes: half of the times it has not done what was asked, the other half it has. */
export const createWavering = (random: () => number) => {
  /** The share of calls that fail, and how many failed though they had done their work. */
  const state = { share: 0, failed: 0, failedAfter: 0 }
  const waver =
    <Args extends unknown[], Result>(act: (...args: Args) => Promise<Result>) =>
    async (...args: Args): Promise<Result> => {
      const fails = random() < state.share
      const before = random() < 0.5
      if (fails) state.failed++
      if (fails && before) throw new Error('The store is away')
      const result = await act(...args)
      if (!fails) return result
      state.failedAfter++
      throw new Error('The store did it and could not say so')
    }
  return { state, waver }
}
