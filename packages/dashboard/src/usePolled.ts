import { useEffect, useState } from 'preact/hooks'

/** Keeps what `read` answers fresh, every `ms`, while the page is visible. A failed read leaves the last answer. */
export const usePolled = <T>(read: () => Promise<T | undefined>, ms: number, key: string): T | undefined => {
  const [kept, keep] = useState<{ key: string; value: T | undefined }>()
  useEffect(() => {
    let stopped = false
    let timer = 0
    const poll = async () => {
      const value = document.hidden ? undefined : await read().catch(() => undefined)
      if (stopped) return
      if (value !== undefined) keep({ key, value })
      timer = window.setTimeout(poll, ms)
    }
    void poll()
    return () => {
      stopped = true
      clearTimeout(timer)
    }
  }, [key])
  return kept?.key === key ? kept.value : undefined
}
