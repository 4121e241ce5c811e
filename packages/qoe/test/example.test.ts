import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../../..', import.meta.url))

let home: string

/** The example beside a package that is installed. */
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'viewbeat-metrics-'))
  cpSync(join(root, 'examples/metrics'), home, { recursive: true })
  mkdirSync(join(home, 'node_modules/@viewbeat'), { recursive: true })
  symlinkSync(join(root, 'packages/qoe'), join(home, 'node_modules/@viewbeat/qoe'))
})
afterAll(() => rmSync(home, { recursive: true, force: true }))

it('the example of the README shows that definition sets disagree, and why', () => {
  const tsx = join(root, 'node_modules/.bin/tsx')
  const out = execFileSync(tsx, ['compare.mjs'], { cwd: home, encoding: 'utf8' })
  expect(out.trim().split('\n')).toEqual([
    'viewbeat: 0.25 of 4 views',
    'cta-2066: does not say',
    'mux-like: 0.40 of 5 views',
    'conviva-like: 0.40 of 5 views',
    'why: attempts without first frame and without fatal error ÷ attempts that have started, failed or ended',
  ])
}, 30_000)
