// Bundles the function for nodejs22.x and newer, `dist/index.mjs` with `handler` and `drain`, and the command line.
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const at = (path) => fileURLToPath(new URL(path, import.meta.url))

const node = {
  bundle: true,
  platform: 'node',
  format: 'esm',
  mainFields: ['module', 'main'],
  logLevel: 'warning',
}

/** What a module exports, run now. */
const evaluate = async (file) => {
  const { outputFiles } = await build({ ...node, entryPoints: [file], write: false })
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`)
}

/** What describes a schema and checks nothing. */
const isSaid = (key) => /^(description|examples|deprecated|x-(unit|purpose|class|since|open))$/.test(key)

/** The documents that the quick checks are compiled from, written in: making them anew would double the cold start. */
const writtenIn = {
  name: 'written-in',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]schema[\\/]src[\\/]readerDocuments\.ts$/ }, async ({ path }) => {
      const { readerDocuments } = await evaluate(path)
      const properties = new Set()
      const json = JSON.stringify(readerDocuments, function (key, value) {
        // A field may have the name of a keyword.
        if (key === 'properties') properties.add(value)
        return isSaid(key) && !properties.has(this) ? undefined : value
      })
      return { contents: `export const readerDocuments = JSON.parse(${JSON.stringify(json)})` }
    })
  },
}

await build({
  ...node,
  entryPoints: [at('src/handler.ts')],
  outfile: at('dist/index.mjs'),
  minify: true,
  target: 'node22',
  plugins: [writtenIn],
})

await build({
  ...node,
  entryPoints: [at('src/cli/bin.ts')],
  outfile: at('dist/quarantine.mjs'),
  target: 'node20',
  external: ['@aws-sdk/client-s3', 'commander'],
})
