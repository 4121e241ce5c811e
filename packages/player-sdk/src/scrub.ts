/** The longest message the schema takes, characters. */
const MAX_MESSAGE = 512

/** A message without what names people or opens doors: URLs and paths, addresses. */
export const scrub = (message: string) =>
  message
    .slice(0, 2 * MAX_MESSAGE)
    .replace(/(?:[\w+.-]+:\/)?\/\S+/g, '<url>')
    .replace(/[^\s@]+@[^\s@]+/g, '<address>')
    .slice(0, MAX_MESSAGE)
