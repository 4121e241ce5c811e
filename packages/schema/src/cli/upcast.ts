import type { Batch } from '../batch.ts'
import { parseBatch } from '../parseBatch.ts'
import { upcastSteps } from '../versions/upcast.ts'
import type { ExitCode, Terminal } from './output.ts'
import { readInput } from './readInput.ts'

/** A batch on its way to the newest version: as it came, and after each step. */
const stepsOf = (batch: Batch) => {
  let current = batch
  const steps = upcastSteps(batch.spec).map(({ from, to, says, upcast }) => {
    current = { ...upcast(current), spec: to }
    return { from, to, says, batch: current }
  })
  return [{ to: batch.spec, says: 'as it came', batch }, ...steps]
}

const tryJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/**
 * `upcast [files…]`: writes each batch as the stream would hold it, brought to the newest minor version. With `--steps`
 * each step on the way. What is refused is named on stderr, and makes the exit code 1.
 */
export const upcast = async (
  terminal: Terminal,
  files: string[],
  { steps }: { steps?: boolean },
): Promise<ExitCode> => {
  let refused = 0
  for await (const { file, line, text } of readInput(terminal, files, 'json')) {
    const input = tryJson(text)
    const parsed = parseBatch(input)
    const rejections = parsed.ok ? parsed.rejected : [parsed.rejection]
    for (const { code, path } of rejections)
      terminal.err(`${file}:${line}: ${code} at ${path || 'the whole'}`)
    refused += rejections.length
    if (!parsed.ok || parsed.batch.events.length === 0) continue
    if (!steps) {
      terminal.out(JSON.stringify(parsed.batch))
      continue
    }
    const bad = new Set(parsed.rejected.map(({ index }) => index))
    const before = input as Batch
    const good = { ...before, events: before.events.filter((_, index) => !bad.has(index)) }
    for (const step of stepsOf(good)) terminal.out(JSON.stringify(step))
  }
  return refused > 0 ? 1 : 0
}
