/** How deep a JSON value nests, itself included; looks no deeper than one beyond `limit`. */
export const depthOf = (value: unknown, limit = 100): number => {
  if (typeof value !== 'object' || value === null) return 0
  if (limit === 0) return 1
  let deepest = 0
  for (const child of Object.values(value)) deepest = Math.max(deepest, depthOf(child, limit - 1))
  return deepest + 1
}
