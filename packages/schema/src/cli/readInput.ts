import { createReadStream, existsSync } from 'node:fs'
import { StringDecoder } from 'node:string_decoder'
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
  let rest = ''
  for await (const chunk of stream) {
    const lines = (rest + (typeof chunk === 'string' ? chunk : decoder.write(chunk))).split('\n')
    rest = lines.pop()!
    yield lines
  }
  rest += decoder.end()
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

/** JSON over several lines is read whole: its first line is the beginning of JSON and none by itself. */
const isSpread = (first: string, format: Format) =>
  format === 'json' && /^\s*[{[]/.test(first) && !isJson(first)

async function* piecesOf(
  file: string,
  stream: AsyncIterable<Buffer | string>,
  wanted: Format | undefined,
): AsyncGenerator<Piece> {
  let format = wanted
  let spread: string[] | undefined
  let number = 0
  for await (const lines of linesOf(stream))
    for (const line of lines) {
      number++
      if (spread) spread.push(line)
      else if (line.trim() !== '') {
        const isFirst = format === undefined || number === 1
        format ??= formatOf(line)
        if (isFirst && isSpread(line, format)) spread = [line]
        else yield { file, line: number, format, text: line }
      }
    }
  if (!spread) return
  const whole = spread.join('\n')
  // Lines of which the first was broken are lines all the same.
  if (isJson(whole) || spread.length === 1) yield { file, line: 1, format: 'json', text: whole }
  else
    for (const [index, text] of spread.entries())
      if (text.trim() !== '') yield { file, line: index + 1, format: 'json', text }
}

/** Reads files, or stdin when there is none, piece by piece, however long they are. `-` is stdin too. */
export async function* readInput(
  { stdin }: Terminal,
  files: readonly string[],
  format?: Format,
): AsyncGenerator<Piece> {
  const missing = files.find((file) => file !== '-' && !existsSync(file))
  if (missing) throw new UsageError(`${missing}: no such file`)
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
