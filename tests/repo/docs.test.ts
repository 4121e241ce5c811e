import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { DuckDBInstance } from '@duckdb/node-api'
import { openStore } from '@viewbeat/sinks'
import { describe, expect, it } from 'vitest'
import { scripts } from '../../package.json' with { type: 'json' }
import { newDataDir } from '../e2e/pipeline.ts'
import { root } from '../root.ts'

const read = (path: string) => readFileSync(join(root, path), 'utf8')
const tracked = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { cwd: root })
  .toString()
  .trim()
  .split('\n')
const pages = tracked.filter((path) => path.endsWith('.md') && existsSync(join(root, path)))
const examples = tracked.filter((path) => path.startsWith('examples/')).map(read)

const blocks = pages.flatMap((page) =>
  [...read(page).matchAll(/^```(\w*)\n(.*?)^```$/gms)].map(([, language, code]) => ({
    page,
    language,
    code: code!,
  })),
)

describe('the documentation', { timeout: 60_000 }, () => {
  it.each(blocks)('$page: its $language block is a file or a command that runs', ({ language, code }) => {
    if (language !== 'sh') return expect(examples).toContain(code)
    for (const line of code.trim().split('\n')) {
      if (line.startsWith('npx @viewbeat/schema ')) {
        const [, , ...args] = line.split(' ')
        execFileSync(process.execPath, [join(root, 'packages/schema/bin/viewbeat-schema.js'), ...args], {
          cwd: root,
        })
        continue
      }
      const [, script, args] = /^npm (?:run )?([\w:]+)(?: -- (.+))?$/.exec(line) ?? []
      expect(Object.keys(scripts)).toContain(script)
      if (args) execFileSync('npm', ['run', '--silent', script!, '--', ...args.split(' ')], { cwd: root })
    }
  })

  it.each(pages)('%s: its links lead somewhere', (page) => {
    for (const [, target] of read(page).matchAll(/\]\((?!https?:|#)([^)#]+)/g))
      expect(existsSync(join(root, dirname(page), target!)), target).toBe(true)
  })

  it('says the size that the built script has, rounded up', () => {
    const script = readFileSync(join(root, 'packages/player-sdk/dist/viewbeat.iife.js'))
    const said = Number(/\*\*([\d.]+) KiB\*\* gzipped/.exec(read('README.md'))?.[1]) * 1024
    const { length } = gzipSync(script, { level: 9 })
    expect(said).toBeGreaterThanOrEqual(length)
    expect(said).toBeLessThan(length + 150)
  })

  it('names files that are there when it follows an event', () => {
    let folder = ''
    for (const [, path] of read('docs/one-event.md').matchAll(/`([\w./-]+\.tsx?)`/g)) {
      if (path!.startsWith('packages/')) folder = path!.replace(/\/src\/.*/, '/src')
      else if (!path!.includes('/')) continue
      expect(existsSync(join(root, path!.startsWith('packages/') ? path! : join(folder, path!))), path).toBe(
        true,
      )
    }
  })

  it('asks a question that the store answers', async () => {
    const file = join(await newDataDir(), 'viewbeat.duckdb')
    await (await openStore(file)).close()
    const connection = await (await DuckDBInstance.create(file)).connect()
    const answer = await connection.runAndReadAll(read('examples/views.sql'))
    expect(answer.columnNames()).toEqual([
      'content_id',
      'views',
      'startup_ms',
      'rebuffer_ratio',
      'left_before_start',
    ])
  })
})
