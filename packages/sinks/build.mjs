// Bundles the functions for nodejs22.x and newer, `dist/<name>.mjs` with `handler`, and the command lines. DuckDB must not get
// into them: functions import files, not the package's index. Another folder may be given.
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const at = (path) => fileURLToPath(new URL(path, import.meta.url))
const outdir = process.argv[2] ?? at('dist')

await build({
  entryPoints: {
    archive: at('src/archive/handler.ts'),
    firehose: at('src/archive/firehoseHandler.ts'),
    search: at('src/search/handler.ts'),
    view: at('src/timeline/handler.ts'),
  },
  outdir,
  outExtension: { '.js': '.mjs' },
  bundle: true,
  platform: 'node',
  format: 'esm',
  mainFields: ['module', 'main'],
  target: 'node22',
  minify: true,
  logLevel: 'warning',
  // Some dependencies are CommonJS and ask for Node's modules by `require`.
  banner: { js: "import { createRequire } from 'node:module';const require=createRequire(import.meta.url);" },
})

// The command lines, run by any Node with the package's dependencies beside them.
await build({
  entryPoints: { replay: at('src/replay/bin.ts'), timeline: at('src/timeline/bin.ts') },
  outdir,
  outExtension: { '.js': '.mjs' },
  bundle: true,
  platform: 'node',
  format: 'esm',
  mainFields: ['module', 'main'],
  target: 'node20',
  logLevel: 'warning',
  external: ['@aws-sdk/*', '@duckdb/node-api', '@opensearch-project/*', 'commander'],
})
