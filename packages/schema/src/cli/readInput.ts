import { createReadStream, existsSync, statSync } from 'node:fs'
import { StringDecoder } from 'node:string_decoder'
import { MAX_BODY_BYTES } from '../limits.ts'
import { type Terminal, UsageError } from './output.ts'

/** What a file holds: batches as JSON, one a line or one in all, or lines of CMCD. */
export type Format = 'json' | 'cmcd'

/** One unit of input: a line, or a whole file where it is one JSON text over many lines. */
export interface Piece {
  /** Name of the file; `-` for stdin. */
  file: string
  /** The line it begins at, from 1. */
  line: number
  format: Format
  text: string
}

async function* linesOf(stream: AsyncIterable<Buffer | string>): AsyncGenerator<string[]> {
  const decoder = new StringDecoder('utf8')
  // Of a line longer than a chunk: joined once, when its end has come.
  let begun: string[] = []
  let isFirst = true
  for await (const chunk of stream) {
    let text = typeof chunk === 'string' ? chunk : decoder.write(chunk)
    if (isFirst && text !== '') {
      isFirst = false
      if (text.startsWith('\ufeff')) text = text.slice(1)
    }
    const lines = text.split('\n')
    if (lines.length === 1) {
      begun.push(text)
      continue
    }
    lines[0] = begun.join('') + lines[0]!
    begun = [lines.pop()!]
    yield lines
  }
  const rest = begun.join('') + decoder.end()
  if (rest !== '') yield [rest]
}

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

const formatOf = (line: string): Format => (/^\s*[{[]/.test(line) ? 'json' : 'cmcd')

/** Longer than any one batch may be: what goes on longer is no batch over many lines, but lines. */
const MAX_SPREAD = 4 * MAX_BODY_BYTES

async function* piecesOf(
  file: string,
  stream: AsyncIterable<Buffer | string>,
  wanted: Format | undefined,
): AsyncGenerator<Piece> {
  /** The lines from the first on, as long as they may be one JSON text. */
  let spread: string[] | undefined
  let size = 0
  let begin = 0
  let number = 0
  const toPiece = (text: string, line: number): Piece => ({
    file,
    line,
    format: wanted ?? formatOf(text),
    text,
  })
  const giveUp = function* (lines: string[]) {
    for (const [index, text] of lines.entries()) if (text.trim() !== '') yield toPiece(text, begin + index)
  }
  for await (const lines of linesOf(stream))
    for (const line of lines) {
      number++
      if (spread) {
        spread.push(line)
        size += line.length
        if (size <= MAX_SPREAD) continue
        yield* giveUp(spread)
        spread = undefined
      } else if (line.trim() === '') continue
      else if (begin === 0) {
        begin = number
        // JSON over several lines: its first line is the beginning of JSON and none by itself.
        if (wanted !== 'cmcd' && formatOf(line) === 'json' && !isJson(line)) spread = [line]
        else yield toPiece(line, number)
      } else yield toPiece(line, number)
    }
  if (!spread) return
  const whole = spread.join('\n')
  // Lines of which the first was broken are lines all the same.
  if (isJson(whole)) yield toPiece(whole, begin)
  else yield* giveUp(spread)
}

/** Reads files, or stdin when there is none, piece by piece, however long they are. `-` is stdin too. */
export async function* readInput(
  { stdin }: Terminal,
  files: readonly string[],
  format?: Format,
): AsyncGenerator<Piece> {
  for (const file of files.filter((name) => name !== '-')) {
    if (!existsSync(file)) throw new UsageError(`${file}: no such file`)
    if (statSync(file).isDirectory()) throw new UsageError(`${file}: a folder; name its files`)
  }
  for (const file of files.length > 0 ? files : ['-']) {
    const stream = file === '-' ? stdin : createReadStream(file, { highWaterMark: 1 << 20 })
    yield* piecesOf(file, stream as AsyncIterable<Buffer | string>, format)
  }
}

/** Checks the value of `--format`. */
export const toFormat = (value: string): Format => {
  if (value === 'json' || value === 'cmcd') return value
  throw new UsageError(`--format ${value}: expected json or cmcd`)
}
