type Listener = (...args: unknown[]) => void

/** What engines have to be listened to by. */
export const createEmitter = () => {
  const listeners: [string, Listener][] = []
  return {
    on: (type: never, listener: never) => void listeners.push([type, listener]),
    off(type: never, listener: never) {
      const index = listeners.findIndex(([name, other]) => name === type && other === listener)
      if (index >= 0) listeners.splice(index, 1)
    },
    emit(type: string, ...args: unknown[]) {
      for (const [name, listener] of [...listeners]) if (name === type) listener(...args)
    },
  }
}
