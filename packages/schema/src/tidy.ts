/**
 * Makes JSON from the network safe for every reader behind us, in place: takes out `__proto__` keys, which a later
 * `Object.assign` would act on, and replaces lone surrogates, which are no Unicode text and which JSON readers refuse.
 * Answers false when the value nests deeper than `depth`.
 */
export const tidy = (value: unknown, depth: number): boolean => {
  if (typeof value !== 'object' || value === null) return true
  if (depth === 0) return false
  const object = value as Record<string, unknown>
  const keys = Object.keys(object)
  for (let index = 0; index < keys.length; index++) {
    const key = keys[index]!
    const child = object[key]
    if (typeof child !== 'string' && !tidy(child, depth - 1)) return false
    if (key === '__proto__') delete object[key]
    else if (!key.isWellFormed() || (typeof child === 'string' && !child.isWellFormed())) {
      delete object[key]
      const name = key.toWellFormed()
      // Two names that differ only in what is no text must not become one.
      const free = name !== key && Object.hasOwn(object, name) ? `${name}_${index}` : name
      object[free] = typeof child === 'string' ? child.toWellFormed() : child
    }
  }
  return true
}
