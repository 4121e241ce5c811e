/** What has to work for anything to be heard of an engine. */
const SUBSCRIBE = ['on', 'off', 'once', 'addEventListener', 'removeEventListener']

const fail = () => {
  throw new Error('The engine is not what it was.')
}

/** The same engine, but whatever is asked of it throws; only listening to it works. */
export const throwing = <T extends object>(instance: T): T =>
  new Proxy(instance, {
    get(target, name) {
      const value = Reflect.get(target, name)
      if (typeof value !== 'function') return fail()
      return SUBSCRIBE.includes(name as string) ? value.bind(target) : fail
    },
  })
