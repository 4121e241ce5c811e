/** A line with its number, from 1; `undefined` for one that is too long to be read. */
export interface Line {
  number: number
  text: string | undefined
}

/** Longer than any entry: the bytes of a body, as base64, with room to spare. */
const MAX_LINE_BYTES = 16 * 1024 * 1024

const NEWLINE = 10

/** Cuts bytes into lines, holding no more than one of them. Empty lines are left out. */
export async function* readLines(
  bytes: AsyncIterable<Uint8Array>,
  max = MAX_LINE_BYTES,
): AsyncGenerator<Line> {
  /** Of a line longer than a chunk: joined once, when its end has come. */
  let begun: Uint8Array[] = []
  let size = 0
  let number = 1
  const end = (): Line => {
    const text = size > max ? undefined : Buffer.concat(begun).toString('utf8')
    begun = []
    size = 0
    return { number: number++, text }
  }
  const add = (part: Uint8Array) => {
    size += part.length
    if (size <= max) begun.push(part)
    else begun = []
  }
  for await (const chunk of bytes) {
    let from = 0
    for (let to = chunk.indexOf(NEWLINE); to !== -1; to = chunk.indexOf(NEWLINE, from)) {
      add(chunk.subarray(from, to))
      from = to + 1
      const line = end()
      if (line.text?.trim() !== '') yield line
    }
    if (from < chunk.length) add(chunk.subarray(from))
  }
  if (size === 0) return
  const line = end()
  if (line.text?.trim() !== '') yield line
}

/** Reads a file as one line, whatever newlines are in it. */
export async function* readWhole(
  bytes: AsyncIterable<Uint8Array>,
  max = MAX_LINE_BYTES,
): AsyncGenerator<Line> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of bytes) {
    size += chunk.length
    if (size <= max) chunks.push(chunk)
  }
  yield { number: 1, text: size > max ? undefined : Buffer.concat(chunks).toString('utf8') }
}
