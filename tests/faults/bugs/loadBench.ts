import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { isAbsolute, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build, type Plugin } from 'esbuild'
import type { judge } from '../../../packages/local/src/simulate/judge.ts'
import type { playSeed } from '../../../packages/local/src/simulate/playSeed.ts'
import { root } from '../../root.ts'
import type { Bug } from './bug.ts'

/** The bench over some version of the product. */
export interface Bench {
  playSeed: typeof playSeed
  judge: typeof judge
}

/** Built files lie where vitest leaves them to Node, and where git does not look. */
const FOLDER = join(root, 'node_modules/.cache/viewbeat-bugs')

const ENTRY = `
  export { judge } from './packages/local/src/simulate/judge.ts'
  export { playSeed } from './packages/local/src/simulate/playSeed.ts'
`

/** Replaces what a bug replaces. Throws where the source does not have it exactly once: then the bug is out of date. */
export const breakSource = (text: string, { file, replacements }: Bug): string => {
  let broken = text
  for (const [from, to] of replacements) {
    const times = broken.split(from).length - 1
    if (times !== 1) throw new Error(`${file} has ${times} times instead of once: ${from}`)
    broken = broken.replace(from, () => to)
  }
  return broken
}

const breaking = (bug: Bug | undefined): Plugin => ({
  name: 'bug',
  setup({ onLoad, onResolve, resolve }) {
    // What is not ours is the same for all bugs, so it is loaded once, from where each package finds it.
    onResolve({ filter: /^[^./]/ }, async ({ path, resolveDir, kind, pluginData }) => {
      if (pluginData === 'seen' || path.startsWith('@viewbeat/') || path.startsWith('node:')) return undefined
      const found = await resolve(path, { resolveDir, kind, pluginData: 'seen' })
      return isAbsolute(found.path) ? { path: pathToFileURL(found.path).href, external: true } : found
    })
    if (!bug) return
    const broken = join(root, bug.file)
    onLoad({ filter: /\.ts$/ }, async ({ path }) =>
      path === broken
        ? { contents: breakSource(await readFile(path, 'utf8'), bug), loader: 'ts' as const }
        : undefined,
    )
  },
})

/** Builds and loads the bench, with a bug in the product where one is given. */
export const loadBench = async (bug?: Bug): Promise<Bench> => {
  const { outputFiles } = await build({
    stdin: { contents: ENTRY, resolveDir: root, loader: 'ts' },
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    logLevel: 'silent',
    plugins: [breaking(bug)],
  })
  await mkdir(FOLDER, { recursive: true })
  const file = join(FOLDER, `${process.pid}-${(bug?.name ?? 'none').replace(/\W+/g, '-')}.mjs`)
  await writeFile(file, outputFiles[0]!.contents)
  return (await import(/* @vite-ignore */ pathToFileURL(file).href)) as Bench
}
