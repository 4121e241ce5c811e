import { fileURLToPath } from 'node:url'
import resolve from '@rollup/plugin-node-resolve'
import terser from '@rollup/plugin-terser'
import esbuild from 'rollup-plugin-esbuild'

const at = (path) => fileURLToPath(new URL(path, import.meta.url))
/** Names of our own that reach neither the page, nor the wire, nor the storage: shortened, because bytes are the product. */
const INTERNAL = new RegExp(
  `^(${[
    'arm|canPlay|catchUp|clock|describe|disarm|elapsed|emit|enqueue|epoch|events_|fail|firstFrame|forget|freeze_',
    'frozen|frames|gone|hidden_|joinLate|onBatch|playback|playhead|probes|pump|push_|random_|record|rendition',
    'requested|returned|sample|seeked_|sendAll|setAway|setTimer|settled|shown|started|store|tail|tails|take|thaw|thawed',
    'totals_|touch|visitId|adopt|lag|url_|where',
  ].join('|')})$`,
)

const plugins = [
  resolve({ browser: true, extensions: ['.ts', '.js'] }),
  // TVs of 2019 (Tizen 5, webOS 4) run Chromium 53 to 63: ES2017 is what they share.
  esbuild({ target: 'es2017' }),
  terser({
    mangle: { properties: { regex: INTERNAL } },
    ecma: 2017,
    compress: { passes: 3, pure_getters: true, unsafe_arrows: true },
    format: { comments: false },
  }),
]

export default [
  { input: at('src/index.ts'), output: { file: at('dist/index.js'), format: 'es' }, plugins },
  { input: at('src/iife.ts'), output: { file: at('dist/viewbeat.iife.js'), format: 'iife' }, plugins },
]
