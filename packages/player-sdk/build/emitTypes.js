import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { compile } from 'json-schema-to-typescript'

const here = dirname(fileURLToPath(import.meta.url))
const CONTRACT = '@viewbeat/schema'

/** The files that a declaration file leads to, itself included. */
const reach = (file, found = new Set()) => {
  if (found.has(file)) return found
  found.add(file)
  for (const [, path] of readFileSync(file, 'utf8').matchAll(/from '(\.[^']+)\.ts'/g))
    reach(resolve(dirname(file), `${path}.d.ts`), found)
  return found
}

/**
 * Writes the types of the entries into a folder, and beside them those of the contract, made from its published JSON
 * Schema: so that the package stands alone, with no dependency for its types either.
 */
export const emitTypes = async (dir, entries) => {
  execFileSync('tsc', ['--project', join(here, '../tsconfig.build.json'), '--outDir', dir], {
    stdio: 'inherit',
  })
  const [, spec] = /SPEC = '([\d.]+)'/.exec(readFileSync(join(here, '../src/limits.ts'), 'utf8'))
  const schema = join(here, `../../schema/schemas/${spec}/producer/batch.json`)
  const types = await compile(JSON.parse(readFileSync(schema, 'utf8')), 'Batch', {
    bannerComment: `/** Wire version ${spec}, made from the published JSON Schema. */`,
    ignoreMinAndMaxItems: true,
  })
  writeFileSync(
    join(dir, 'contract.d.ts'),
    `${types}
/** What happened in a view. */
export type PlayerEvent = Batch['events'][number]
/** An event of one type. */
export type EventOf<T extends PlayerEvent['type']> = Extract<PlayerEvent, { type: T }>
/** Cumulative counters of a view. */
export type Totals = EventOf<'heartbeat'>['totals']
/** What is being watched. */
export type Content = Batch['context']['content']
`,
  )
  const needed = new Set(entries.flatMap((entry) => [...reach(join(dir, `${entry}.d.ts`))]))
  for (const name of readdirSync(dir, { recursive: true })) {
    const file = join(dir, name)
    if (!name.endsWith('.d.ts') || name === 'contract.d.ts') continue
    if (!needed.has(file)) rmSync(file)
    else {
      const path = relative(dirname(file), join(dir, 'contract.js'))
      const local = path.startsWith('.') ? path : `./${path}`
      const text = readFileSync(file, 'utf8').replaceAll(`'${CONTRACT}'`, `'${local}'`)
      writeFileSync(file, text.replace(/(from '\.[^']+)\.ts'/g, "$1.js'"))
    }
  }
}
