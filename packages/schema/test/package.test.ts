import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const source = join(root, 'packages/schema')
const bin = (name: string) => join(root, 'node_modules/.bin', name)

let home: string
let tarball: string

/** What a partner has after `npm install @viewbeat/schema`: the packed package, and its dependencies beside it. */
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'viewbeat-package-'))
  execFileSync('npx', ['--yes', 'pnpm@10', 'pack', '--pack-destination', home], {
    cwd: source,
    stdio: 'pipe',
  })
  tarball = join(home, readdirSync(home).find((name) => name.endsWith('.tgz'))!)
  const installed = join(home, 'node_modules/@viewbeat/schema')
  mkdirSync(installed, { recursive: true })
  execFileSync('tar', ['-xzf', tarball, '-C', installed, '--strip-components=1'])
  symlinkSync(join(source, 'node_modules'), join(installed, 'node_modules'))
  writeFileSync(join(home, 'package.json'), '{ "private": true }\n')
}, 120_000)
afterAll(() => rmSync(home, { recursive: true, force: true }))

const node = (...args: string[]) => execFileSync(process.execPath, args, { cwd: home, encoding: 'utf8' })

describe('the packed package', { timeout: 60_000 }, () => {
  it('is as publint would have it', () => {
    execFileSync(bin('publint'), ['--strict', tarball], { stdio: 'pipe' })
  })

  it('has types that resolve from ESM, from CommonJS and for bundlers', () => {
    const ignore = ['--profile', 'node16', '--exclude-entrypoints', './schemas/*', './vectors/*']
    execFileSync(bin('attw'), [tarball, ...ignore], { stdio: 'pipe' })
  })

  it.each([
    [
      'ESM',
      [
        '--input-type=module',
        '-e',
        "import('@viewbeat/schema').then((m) => console.log(m.parseBatch(null).ok))",
      ],
    ],
    ['CommonJS', ['-e', "console.log(require('@viewbeat/schema').parseBatch(null).ok)"]],
    [
      'CommonJS, a part',
      ['-e', "console.log(require('@viewbeat/schema/view').stateTimeline([]).length > 0)"],
    ],
  ])('works from %s', (_, args) => {
    expect(node(...args)).toBe('false\n')
  })

  it('runs the example of its README', () => {
    cpSync(join(root, 'examples/events'), home, { recursive: true })
    expect(node('check.mjs')).toBe('4 events would be stored\n')
  })

  it('carries the schemas and vectors for other languages', () => {
    const read = "console.log(require('@viewbeat/schema/schemas/1.0/reader/events/pause.json').$id)"
    expect(node('-e', read)).toBe('urn:viewbeat:1.0:reader:events:pause\n')
  })

  it('has a command line that judges its own vectors, strictly', () => {
    const cli = join(home, 'node_modules/@viewbeat/schema/bin/viewbeat-schema.js')
    const vectors = join(home, 'node_modules/@viewbeat/schema/vectors/1.2/valid/whats-new.json')
    expect(node(cli, 'validate', '--strict', vectors)).toContain('all good')
    expect(node(cli, 'freeze', '--check')).toContain('all as they were')
  })
})
