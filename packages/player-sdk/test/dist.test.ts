import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { transformSync } from 'esbuild'
import { describe, expect, it } from 'vitest'

const read = (name: string) => readFileSync(new URL(`../dist/${name}`, import.meta.url))
const iife = read('viewbeat.iife.js')

const gzipped = (...names: string[]) => gzipSync(Buffer.concat(names.map(read)), { level: 9 }).length

/** The promise: lower it with what is saved. The commits that raised it say what for, byte by byte. */
const CEILINGS = { 'viewbeat.iife.js': 12_416, 'esm/index.js': 12_160, 'esm/react/index.js': 640 }

/** What a page that has the core pays for each addition. */
const ADDITIONS = {
  'engines/hls': 1.5 * 1024,
  'engines/dash': 1.5 * 1024,
  'engines/shaka': 1552,
  'engines/videojs': 1552,
  'ads/ads': 832,
  'ads/ima': 960,
  'ads/hlsInterstitials': 1072,
  'ads/contribAds': 768,
  'cmcd/index': 1024,
}

describe('the built script', () => {
  it.each(Object.entries(CEILINGS))('%s is at most %i bytes gzipped', (name, ceiling) => {
    expect(gzipped(name)).toBeLessThanOrEqual(ceiling)
  })

  it.each(Object.entries(ADDITIONS))('%s is at most %i bytes gzipped on top of the core', (name, ceiling) => {
    expect(gzipped('esm/index.js', `esm/${name}.js`) - gzipped('esm/index.js')).toBeLessThanOrEqual(ceiling)
  })

  it('with hls.js to listen to is at most 13,648 bytes gzipped', () => {
    expect(gzipped('esm/index.js', 'esm/engines/hls.js')).toBeLessThanOrEqual(13_648)
  })

  it('writes to the console where it is told to debug, and nowhere else', () => {
    expect(iife.toString().match(/.{7}console\.\w+/g)).toEqual(['debug&&console.log'])
  })

  it('has its own names shortened, and those of the contract and of its options as they are', async () => {
    const { INTERNAL } = (await import(new URL('../build/internal.js', import.meta.url).href)) as {
      INTERNAL: string[]
    }
    const wire = readFileSync(
      new URL('../../schema/schemas/1.2/producer/batch.json', import.meta.url),
      'utf8',
    )
    const options = ['options', 'transport/network']
      .map((name) => readFileSync(new URL(`../src/${name}.ts`, import.meta.url), 'utf8'))
      .join('\n')
    const said = new Set([
      ...[...wire.matchAll(/"(\w+)":/g)].map(([, name]) => name!),
      ...[...options.matchAll(/^ {2}(?:readonly )?(\w+)\??[:(]/gm)].map(([, name]) => name!),
    ])
    expect([...said]).toEqual(expect.arrayContaining(['beforeSend', 'beacon']))
    expect(INTERNAL.filter((name) => said.has(name))).toEqual([])
  })

  it.each(['zod', '_zod', 'safeParse', 'ZodError', 'invalid_type', 'process.env', 'eval(', 'new Function'])(
    'holds no %s',
    (forbidden) => {
      expect(iife.toString()).not.toContain(forbidden)
    },
  )

  it('is ES2017: lowering it to that changes nothing', () => {
    const print = (target: string) => transformSync(iife.toString(), { target, minify: false }).code
    expect(print('es2017')).toBe(print('esnext'))
  })

  it('exports trackVideo as a module, and on a server does nothing', async () => {
    const { trackVideo, ...rest } = await import(new URL('../dist/esm/index.js', import.meta.url).href)
    expect(Object.keys(rest)).toEqual([])
    const tracker = trackVideo({}, { endpoint: '/', key: 'pk', content: { id: 'x' } })
    tracker.track('x')
    tracker.stop()
    await tracker.flush()
    expect(tracker.viewId).toBe('')
  })
})
