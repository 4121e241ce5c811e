import { safely } from '../safely.ts'

/** Listens to several events of a target; the answer removes every listener. */
export const listen = (target: EventTarget, handlers: Record<string, (event: Event) => void>) => {
  const guarded = Object.entries(handlers).map(([type, handler]) => [type, safely(handler)] as const)
  for (const [type, handler] of guarded) target.addEventListener(type, handler)
  return () => {
    for (const [type, handler] of guarded) target.removeEventListener(type, handler)
  }
}
