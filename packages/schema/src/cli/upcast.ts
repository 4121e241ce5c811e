import type { Batch } from '../batch.ts'
import { WIRE_VERSION } from '../limits.ts'
import { parseBatch } from '../parseBatch.ts'
import { upcastSteps } from '../versions/upcast.ts'
import type { ExitCode, Terminal } from './output.ts'
import { readInput } from './readInput.ts'

const stepsOf = (batch: Batch) => {
  let current = batch
  return upcastSteps(batch.spec).map(({ from, to, says, upcast }) => {
    current = { ...upcast(current), spec: to }
    return { from, to, says, batch: current }
  })
}

/**
 * `upcast [files…]`: writes each batch as the stream would hold it, brought to the newest minor version. With `--steps`
 * each step on the way. Exit code 1 when a line is no batch.
 */
export const upcast = async (
  terminal: Terminal,
  files: string[],
  { steps }: { steps?: boolean },
): Promise<ExitCode> => {
  let bad = 0
  for await (const { file, line, text } of readInput(terminal, files, 'json')) {
    const input = tryJson(text)
    const parsed = parseBatch(input)
    if (!parsed.ok) {
      bad++
      terminal.err(`${file}:${line}: ${parsed.rejection.code} at ${parsed.rejection.path || 'the whole'}`)
      continue
    }
    if (!steps) terminal.out(JSON.stringify(parsed.batch))
    else {
      const before = tryJson(text) as Batch
      terminal.out(JSON.stringify({ from: before.spec, to: WIRE_VERSION, batch: before }))
      for (const step of stepsOf(before)) terminal.out(JSON.stringify(step))
    }
  }
  return bad > 0 ? 1 : 0
}

const tryJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
