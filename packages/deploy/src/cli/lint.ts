import { readFile } from 'node:fs/promises'
import { type LintedTemplate, lintMappings } from '../lint/lintMappings.ts'
import type { Terminal } from './main.ts'

/** A template that cannot be read; the message says what to do. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError'
  readonly code = 'bad_template'
}

const read = async (file: string): Promise<LintedTemplate> => {
  const text = await readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw new TemplateError(`${file}: cannot be read (${cause.code})`)
  })
  try {
    const template = JSON.parse(text)
    if (typeof template?.Resources === 'object') return template
  } catch {
    // Not JSON: said below, as what is JSON and no template.
  }
  throw new TemplateError(
    `${file}: not a CloudFormation template in JSON: of YAML, lint what "cdk synth --json", "sam build" with "cfn-flip", or "aws cloudformation get-template --template-stage Processed" gives`,
  )
}

/** `lint`: says what is wrong with the stream mappings of templates. Resolves to 1 when anything is. */
export const lint = async ({ out, err }: Terminal, files: readonly string[]): Promise<number> => {
  const templates = await Promise.all(files.map(async (file) => [file, await read(file)] as const))
  const faults = templates.flatMap(([file, template]) =>
    lintMappings(template).map((fault) => ({ file, ...fault })),
  )
  for (const { file, mapping, property, message } of faults)
    err(`${file}: ${mapping}.${property}: ${message}`)
  if (faults.length === 0)
    out(`${files.length} ${files.length === 1 ? 'template' : 'templates'}: every stream mapping has an end`)
  return faults.length === 0 ? 0 : 1
}
