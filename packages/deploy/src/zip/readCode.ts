import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { toZip } from './toZip.ts'

/** The functions' code, as Lambda takes it. */
export interface Code {
  /** Named by what is in it, so that other code is another object, and CloudFormation sees that it changed. */
  fileName: string
  zip: Buffer
}

/** The bundle that the ingest's build writes. */
export const BUNDLE = fileURLToPath(new URL('../../../ingest-lambda/dist/index.mjs', import.meta.url))

/** Code that is not there; the message says how to get it. */
export class CodeError extends Error {
  override readonly name = 'CodeError'
  readonly code = 'no_code'
}

/** Zips a bundle: the same bytes make the same archive under the same name. */
export const readCode = async (file = BUNDLE): Promise<Code> => {
  const bytes = await readFile(file).catch((cause: NodeJS.ErrnoException) => {
    throw new CodeError(
      `${file}: cannot be read (${cause.code}): build the ingest, or give the bundle's path as --code`,
    )
  })
  const zip = toZip([{ name: 'index.mjs', bytes }])
  const hash = createHash('sha256').update(zip).digest('hex')
  return { fileName: `viewbeat-ingest-${hash.slice(0, 16)}.zip`, zip }
}
