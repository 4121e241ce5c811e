import { execFileSync } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import resolve from '@rollup/plugin-node-resolve'
import esbuild from 'rollup-plugin-esbuild'
import packageJson from './package.json' with { type: 'json' }

const at = (path) => fileURLToPath(new URL(path, import.meta.url))
const external = (id) =>
  id.startsWith('node:') ||
  Object.keys(packageJson.dependencies).some((name) => id === name || id.startsWith(`${name}/`))
const plugins = [resolve({ extensions: ['.ts', '.js'] }), esbuild({ target: 'node20' })]

/** Node takes the `.js` files of a folder for CommonJS when its package.json says so. */
const asCommonJs = {
  name: 'as-commonjs',
  writeBundle: ({ dir }) => writeFile(`${dir}/package.json`, '{ "type": "commonjs" }\n'),
}

/** Writes the types beside the code, which is how each module system looks for them. */
const types = {
  name: 'types',
  writeBundle: ({ dir }) =>
    execFileSync('tsc', ['--project', at('tsconfig.build.json'), '--outDir', dir], { stdio: 'inherit' }),
}

const library = { index: at('src/index.ts'), 'view/index': at('src/view/index.ts') }

export default [
  {
    input: { ...library, cli: at('src/cli/bin.ts') },
    output: { dir: at('dist/esm'), format: 'es' },
    external,
    plugins: [...plugins, types],
  },
  {
    input: library,
    output: { dir: at('dist/cjs'), format: 'cjs' },
    external,
    plugins: [...plugins, asCommonJs, types],
  },
]
