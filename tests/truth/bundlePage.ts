import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import { root } from '../root.ts'

const ADAPTERS = join(root, 'packages/player-sdk/src/engines')

/** A script for a page, of what its text imports. */
export const bundle = async (contents: string) => {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: join(root, 'tests/truth') },
    bundle: true,
    write: false,
    format: 'iife',
    target: 'es2022',
    tsconfigRaw: {},
  })
  return outputFiles[0]!.text
}

/** The script that every page runs, with those of the SDK's engine adapters that there are. */
export const bundlePage = () => {
  const adapters = ['hls', 'dash', 'shaka', 'videojs'].filter((name) => existsSync(`${ADAPTERS}/${name}.ts`))
  return bundle(
    [
      ...adapters.map((name) => `import { ${name} } from '${ADAPTERS}/${name}.ts'`),
      `import { openPage } from './page/openPage.ts'`,
      `openPage({ ${adapters.join(', ')} })`,
    ].join('\n'),
  )
}
