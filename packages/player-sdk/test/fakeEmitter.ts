type Listener = (...args: unknown[]) => void

/** What an engine is listened to by, whatever it calls its methods. */
export const fakeEmitter = () => {
  const listeners: { type: string; listener: Listener }[] = []
  return {
    add: (type: string, listener: Listener) => {
      listeners.push({ type, listener })
    },
    remove: (type: string, listener: Listener) => {
      const index = listeners.findIndex((one) => one.type === type && one.listener === listener)
      if (index >= 0) listeners.splice(index, 1)
    },
    emit: (type: string, ...args: unknown[]) => {
      for (const one of [...listeners]) if (one.type === type) one.listener(...args)
    },
    /** What is listened to. */
    get types() {
      return listeners.map(({ type }) => type)
    },
  }
}
