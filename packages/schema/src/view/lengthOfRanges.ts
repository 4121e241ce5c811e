/** The length of ranges of media, ms; what lies in several of them counts once. */
export const lengthOfRanges = (ranges: readonly (readonly number[])[]): number => {
  let length = 0
  let end = 0
  for (const [from = 0, to = 0] of [...ranges].sort(([a = 0], [b = 0]) => a - b)) {
    length += Math.max(0, to - Math.max(from, end))
    end = Math.max(end, to)
  }
  return length
}
