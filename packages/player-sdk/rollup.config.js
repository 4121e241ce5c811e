import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import resolve from '@rollup/plugin-node-resolve'
import terser from '@rollup/plugin-terser'
import esbuild from 'rollup-plugin-esbuild'
import { emitTypes } from './build/emitTypes.js'
import { INTERNAL } from './build/internal.js'

const at = (path) => fileURLToPath(new URL(path, import.meta.url))
const pluginsWith = (mangle) => [
  resolve({ browser: true, extensions: ['.ts', '.js'] }),
  // TVs of 2019 (Tizen 5, webOS 4) run Chromium 53 to 63: ES2017 is what they share.
  esbuild({ target: 'es2017' }),
  terser({
    mangle,
    ecma: 2017,
    compress: { passes: 3, pure_getters: true, unsafe: true, unsafe_arrows: true },
    format: { comments: false },
  }),
]

// `builtins`: also where browsers have something of the same name; nothing of theirs that is used is on the list.
const plugins = pluginsWith({
  properties: { regex: new RegExp(`^(${INTERNAL.join('|')})$`), builtins: true },
})
/** What is built apart meets players' names, and the core by names of the contract between them: none is shortened. */
const pluginsOfAdditions = pluginsWith(true)

/** Says what a page loads, and what it may write into `integrity`. */
const report = {
  name: 'report',
  writeBundle(_, bundle) {
    for (const { fileName, code } of Object.values(bundle)) {
      const hash = createHash('sha384').update(code).digest('base64')
      console.log(`${fileName}  ${gzipSync(code, { level: 9 }).length} B gzip  sha384-${hash}`)
    }
  },
}

/** Adapters and what else a page adds to the core, by the name it is imported by. */
const additions = {
  hls: 'engines/hls',
  dash: 'engines/dash',
  shaka: 'engines/shaka',
  videojs: 'engines/videojs',
  ads: 'ads/ads',
  ima: 'ads/ima',
  'hls-interstitials': 'ads/hlsInterstitials',
  'contrib-ads': 'ads/contribAds',
  cmcd: 'cmcd/index',
}
const entries = ['index', 'react/index', 'testing/index', ...Object.values(additions)]
const types = { name: 'types', writeBundle: ({ dir }) => emitTypes(dir, entries) }
/** Node takes the `.js` files of a folder for CommonJS when its package.json says so. */
const asCommonJs = {
  name: 'as-commonjs',
  writeBundle: ({ dir }) => writeFileSync(`${dir}/package.json`, '{ "type": "commonjs" }\n'),
}

/** Entries beside the core import it by the package's name, so that a page has it once. */
const coreByName = {
  name: 'core-by-name',
  resolveId: (id) => (id === '../index.ts' ? { id: '@viewbeat/player-sdk', external: true } : null),
}

const entry = (name, format) => ({
  input: { [name]: at(`src/${name}.ts`) },
  external: ['react'],
  output: { dir: at(format === 'es' ? 'dist/esm' : 'dist/cjs'), format },
  plugins: [
    ...(name === 'index' ? [] : [coreByName]),
    ...(name === 'index' ? plugins : pluginsOfAdditions),
    ...(name === 'index' ? [types] : []),
    ...(name === 'index' && format === 'cjs' ? [asCommonJs] : []),
  ],
})

/** A script of its own, that puts an addition beside the core: `viewbeat.hls` and so on. */
const script = ([name, path]) => ({
  input: at(`src/${path}.ts`),
  output: {
    file: at(`dist/viewbeat-${name}.iife.js`),
    format: 'iife',
    name: 'viewbeat',
    extend: true,
    strict: false,
  },
  plugins: [...pluginsOfAdditions, report],
})

export default [
  {
    input: at('src/iife.ts'),
    output: { file: at('dist/viewbeat.iife.js'), format: 'iife', strict: false },
    plugins: [...plugins, report],
  },
  ...Object.entries(additions).map(script),
  ...['es', 'cjs'].flatMap((format) => entries.map((name) => entry(name, format))),
]
