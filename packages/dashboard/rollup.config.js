import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import resolve from '@rollup/plugin-node-resolve'
import esbuild from 'rollup-plugin-esbuild'

const at = (path) => fileURLToPath(new URL(path, import.meta.url))

/** Copies the files that need no building beside those that do. */
const copy = (...names) => ({
  name: 'copy',
  async buildStart() {
    for (const fileName of names) {
      this.addWatchFile(at(`src/${fileName}`))
      this.emitFile({ type: 'asset', fileName, source: await readFile(at(`src/${fileName}`)) })
    }
  },
})

export default {
  input: at('src/dashboard.tsx'),
  output: { dir: at('dist'), format: 'es' },
  plugins: [
    copy('index.html', 'dashboard.css'),
    resolve({ browser: true, extensions: ['.tsx', '.ts', '.mjs', '.js'] }),
    esbuild({ target: 'es2022', jsx: 'automatic', jsxImportSource: 'preact', minify: true }),
  ],
}
