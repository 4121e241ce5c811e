/** Wraps a way out of a process: once that is dead nothing goes out any more, and nothing is heard of what is under way. */
export type Mortal = <Arguments extends unknown[], Result>(
  call: (...given: Arguments) => Promise<Result>,
) => (...given: Arguments) => Promise<Result>

const never = new Promise<never>(() => {})

/** A process that may die at any moment. */
export const createProcess = () => {
  let isDead = false
  const mortal: Mortal =
    (call) =>
    async (...given) => {
      if (isDead) return never
      try {
        const result = await call(...given)
        return isDead ? never : result
      } catch (error) {
        if (isDead) return never
        throw error
      }
    }
  return {
    mortal,
    isDead: () => isDead,
    kill() {
      isDead = true
    },
  }
}

/**
 * A function's instances, as Lambda has them: each takes one call at a time and is kept for the next one. `deadline`
 * resolves with an error when the instance dies, at whatever it is.
 */
export const createInstances = <Arguments extends unknown[], Result>(
  start: (mortal: Mortal) => (...given: Arguments) => Promise<Result>,
) => {
  interface Instance {
    process: ReturnType<typeof createProcess>
    run: (...given: Arguments) => Promise<Result>
  }
  const free: Instance[] = []
  const all = new Set<Instance>()
  const open = (): Instance => {
    const process = createProcess()
    const instance = { process, run: start(process.mortal) }
    all.add(instance)
    return instance
  }
  return {
    async invoke(death: Promise<Error> | undefined, ...given: Arguments): Promise<Result> {
      const instance = free.pop() ?? open()
      const run = instance.process.mortal(instance.run)
      const ended = await Promise.race([
        run(...given).then(
          (result) => ({ result }),
          (error: Error) => ({ error }),
        ),
        ...(death ? [death.then((error) => ({ error, isDead: true }))] : []),
      ])
      if ('isDead' in ended) {
        instance.process.kill()
        all.delete(instance)
      } else if (!instance.process.isDead()) free.push(instance)
      if ('error' in ended) throw ended.error
      return ended.result
    },
    /** All of them die. */
    killAll() {
      for (const { process } of all) process.kill()
      all.clear()
      free.length = 0
    },
  }
}
