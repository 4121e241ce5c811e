import { attempt } from '../safely.ts'

/**
 * Listens to several events of an engine by its own methods `on` and `off`; the answer removes every listener. Engines
 * call listeners directly, and some throw once they are destroyed.
 */
export const subscribe = <On extends string, Off extends string>(
  target: Record<On | Off, (type: never, handler: never) => unknown>,
  on: On,
  off: Off,
  handlers: Record<string, (...args: never[]) => void>,
) => {
  const each = (method: On | Off) => {
    for (const type in handlers) attempt(() => target[method](type as never, handlers[type] as never))
  }
  for (const type in handlers) {
    const handler = handlers[type]!
    handlers[type] = (...args) => attempt(() => handler(...args))
  }
  each(on)
  return () => each(off)
}
