/** Lets so many things be done at a time, in the order in which they are asked for; one may take several turns at once. */
export const createTurns = (free: number) => {
  const waiting: { turns: number; begin: () => void }[] = []
  const proceed = () => {
    for (let next = waiting[0]; next && next.turns <= free; next = waiting[0]) {
      free -= next.turns
      waiting.shift()
      next.begin()
    }
  }
  return async <T>(work: () => Promise<T>, turns = 1): Promise<T> => {
    await new Promise<void>((begin) => {
      waiting.push({ turns, begin })
      proceed()
    })
    try {
      return await work()
    } finally {
      free += turns
      proceed()
    }
  }
}
