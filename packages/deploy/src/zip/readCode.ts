import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Settings } from '../settings/settings.ts'
import { bundlesOf } from './bundlesOf.ts'
import { toZip } from './toZip.ts'

/** The functions' code, as Lambda takes it. */
export interface Code {
  /** Named by what is in it, so that other code is another object, and CloudFormation sees that it changed. */
  fileName: string
  zip: Buffer
}

/** The bundle that the ingest's build writes. */
export const BUNDLE = fileURLToPath(new URL('../../../ingest-lambda/dist/index.mjs', import.meta.url))

/** The folder that the sinks' build writes its bundles to. */
export const SINKS = fileURLToPath(new URL('../../../sinks/dist', import.meta.url))

/** Where the bundles are, when not where the builds write them. */
export interface Bundles {
  /** File of the ingest. */
  code?: string | undefined
  /** Folder of the sinks. */
  sinks?: string | undefined
}

/** Code that is not there; the message says how to get it. */
export class CodeError extends Error {
  override readonly name = 'CodeError'
  readonly code = 'no_code'
}

const read = (file: string, what: string) =>
  readFile(file).catch((cause: NodeJS.ErrnoException) => {
    throw new CodeError(`${file}: cannot be read (${cause.code}): ${what}`)
  })

/** Zips the bundles that a stack of these settings runs: the same bytes make the same archive under the same name. */
export const readCode = async (
  settings: Pick<Settings, 'archive' | 'search'>,
  { code = BUNDLE, sinks = SINKS }: Bundles = {},
): Promise<Code> => {
  const files = [
    {
      name: 'index.mjs',
      bytes: await read(code, "build the ingest, or give the bundle's path as --code"),
    },
  ]
  for (const bundle of bundlesOf(settings)) {
    const name = `${bundle}.mjs`
    const bytes = await read(
      join(sinks, name),
      "build the sinks (node packages/sinks/build.mjs), or give their bundles' folder as --sinks",
    )
    files.push({ name, bytes })
  }
  const zip = toZip(files)
  const hash = createHash('sha256').update(zip).digest('hex')
  return { fileName: `viewbeat-${hash.slice(0, 16)}.zip`, zip }
}
