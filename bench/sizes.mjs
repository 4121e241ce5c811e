// What a page loads: our script and mux-embed's prebuilt one, gzip -9, side by side.
//   node bench/sizes.mjs        (after npm test or npm start; fetches mux-embed into a temporary folder)
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'

const folder = mkdtempSync(join(tmpdir(), 'viewbeat-sizes-'))
try {
  const install = [
    'install',
    '--prefix',
    folder,
    '--silent',
    '--ignore-scripts',
    '--no-audit',
    'mux-embed@5.19.0',
  ]
  execFileSync('npm', install, { stdio: 'ignore', timeout: 60_000 })
  const scripts = {
    viewbeat: fileURLToPath(new URL('../packages/player-sdk/dist/viewbeat.iife.js', import.meta.url)),
    'mux-embed 5.19.0': join(folder, 'node_modules/mux-embed/dist/mux.js'),
  }
  for (const [name, path] of Object.entries(scripts)) {
    const script = readFileSync(path)
    const gzip = gzipSync(script, { level: 9 }).length
    console.log(
      `${name.padEnd(20)} ${String(script.length).padStart(7)} B minified ${String(gzip).padStart(6)} B gzip`,
    )
  }
} finally {
  rmSync(folder, { recursive: true })
}
