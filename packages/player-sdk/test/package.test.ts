import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const bin = (name: string) => join(root, 'node_modules/.bin', name)

let home: string
let tarball: string

/** What a publisher has after `npm install @viewbeat/player-sdk`, and nothing beside it. */
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'viewbeat-sdk-'))
  execFileSync('npx', ['--yes', 'pnpm@10', 'pack', '--pack-destination', home], {
    cwd: join(root, 'packages/player-sdk'),
    stdio: 'pipe',
  })
  tarball = join(home, readdirSync(home).find((name) => name.endsWith('.tgz'))!)
  const installed = join(home, 'node_modules/@viewbeat/player-sdk')
  mkdirSync(installed, { recursive: true })
  execFileSync('tar', ['-xzf', tarball, '-C', installed, '--strip-components=1'])
}, 120_000)
afterAll(() => rmSync(home, { recursive: true, force: true }))

/** A publisher's own page: types are checked, and on a server it renders without a page. */
const PAGE = `
import { trackVideo, type CapturedEvent, type Tracker } from '@viewbeat/player-sdk'
import { ads } from '@viewbeat/player-sdk/ads'
import { hlsCmcd } from '@viewbeat/player-sdk/cmcd'
import { contribAds } from '@viewbeat/player-sdk/contrib-ads'
import { dash } from '@viewbeat/player-sdk/dash'
import { hls } from '@viewbeat/player-sdk/hls'
import { hlsInterstitials } from '@viewbeat/player-sdk/hls-interstitials'
import { ima } from '@viewbeat/player-sdk/ima'
import { shaka } from '@viewbeat/player-sdk/shaka'
import { expectEvent, memoryTransport } from '@viewbeat/player-sdk/testing'
import { videojs } from '@viewbeat/player-sdk/videojs'
const transport = memoryTransport()
const tracker: Tracker = trackVideo({} as HTMLVideoElement, {
  endpoint: '/v1/events', key: 'pk_demo', content: { id: 'ep-101' }, transport, ads: ads(),
  onEvent: (event: CapturedEvent) => { if (event.type === 'first_frame') console.log(event.startup_ms) },
})
for (const entry of [hls, dash, shaka, videojs, ima, hlsInterstitials, contribAds, hlsCmcd])
  if (typeof entry !== 'function') console.log('not a function')
tracker.ads?.breakStart({ position: 'mid' })
tracker.setConsent('granted')
tracker.track('chapter', { n: 1 })
tracker.stop()
// @ts-expect-error an id is needed
tracker.setContent({})
// @ts-expect-error no such event
try { expectEvent(transport, 'no_such_event') } catch { console.log('inert') }
`

const MODES = [
  ['a bundler', 'module', 'index.ts', { module: 'esnext', moduleResolution: 'bundler' }],
  ['node16, ESM', 'module', 'index.mts', { module: 'node16', moduleResolution: 'node16' }],
  ['node16, CommonJS', 'commonjs', 'index.cts', { module: 'node16', moduleResolution: 'node16' }],
] as const

describe('the packed package', { timeout: 60_000 }, () => {
  it('is as publint would have it', () => {
    execFileSync(bin('publint'), ['--strict', tarball], { stdio: 'pipe' })
  })

  it('has types that resolve from ESM, from CommonJS and for bundlers', () => {
    const ignore = ['--profile', 'node16', '--exclude-entrypoints', './viewbeat.iife.js']
    execFileSync(bin('attw'), [tarball, ...ignore], { stdio: 'pipe' })
  })

  it('needs nothing at run time', () => {
    const packed = JSON.parse(
      readFileSync(join(home, 'node_modules/@viewbeat/player-sdk/package.json'), 'utf8'),
    )
    expect(packed.dependencies ?? {}).toEqual({})
    for (const peer of Object.keys(packed.peerDependencies))
      expect(packed.peerDependenciesMeta[peer]).toEqual({ optional: true })
  })

  it.each(MODES)('compiles for %s, and on a server does nothing', (name, type, file, mode) => {
    const folder = join(home, name.replace(/\W+/g, '-'))
    mkdirSync(folder)
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ type }))
    writeFileSync(join(folder, file), PAGE)
    const compilerOptions = {
      ...mode,
      target: 'es2022',
      lib: ['es2022', 'dom'],
      strict: true,
      types: [],
      outDir: 'out',
    }
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: [file] }))
    execFileSync(bin('tsc'), ['--project', folder], { stdio: 'pipe' })
    const out = join(folder, 'out', file.replace('ts', 'js'))
    expect(execFileSync(process.execPath, [out], { encoding: 'utf8' })).toBe('inert\n')
  })
})
