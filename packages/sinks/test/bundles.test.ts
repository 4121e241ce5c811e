import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { aRecord, streamEvent } from './streamEvent.ts'

const folder = mkdtempSync(join(tmpdir(), 'viewbeat-bundles-'))
afterAll(() => rmSync(folder, { recursive: true }))
beforeAll(() => {
  execFileSync(process.execPath, [fileURLToPath(new URL('../build.mjs', import.meta.url)), folder])
}, 60_000)

/** Loads a function in a process of its own, as Lambda does, and hands it an event. */
const invoke = (name: string, event: object, env: Record<string, string>) => {
  const script = `
    const { handler } = await import(${JSON.stringify(pathToFileURL(join(folder, `${name}.mjs`)).href)})
    process.stderr.write('ANSWER' + JSON.stringify(await handler(${JSON.stringify(event)})))`
  const { stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
    env: { PATH: process.env.PATH, AWS_LAMBDA_RUNTIME_API: '127.0.0.1:9001', ...env },
    encoding: 'utf8',
  })
  return { error: stderr, answer: JSON.parse(stderr.split('ANSWER')[1] ?? 'null') }
}

describe('the functions, bundled', () => {
  it.each(['archive', 'firehose', 'search', 'view'])('%s is small and has no DuckDB in it', (name) => {
    const code = readFileSync(join(folder, `${name}.mjs`), 'utf8')
    expect(code.length).toBeLessThan(1_500_000)
    expect(code).not.toMatch(/duckdb/i)
  })

  it('write what Lambda hands them', () => {
    const archive = join(folder, 'objects')
    const event = streamEvent([aRecord()])
    const { answer } = invoke('archive', event, {
      VIEWBEAT_ARCHIVE: `file:${archive}`,
      VIEWBEAT_QUARANTINE: `file:${folder}/quarantine`,
    })
    expect(answer).toEqual({ batchItemFailures: [] })
    expect(
      readdirSync(archive, { recursive: true }).filter((path) => /\.gz$/.test(String(path))),
    ).toHaveLength(1)
  })

  it('transform what a delivery stream hands them', () => {
    const { data } = streamEvent([aRecord()]).Records[0]!.kinesis
    const { answer } = invoke('firehose', { records: [{ recordId: '1', data }] }, {})
    expect(answer.records).toMatchObject([{ recordId: '1', result: 'Ok' }])
  })

  it.each([
    ['archive', 'VIEWBEAT_ARCHIVE'],
    ['search', 'VIEWBEAT_SEARCH'],
    ['view', 'VIEWBEAT_SEARCH'],
  ])('%s does not start without %s', (name, variable) => {
    const { error, answer } = invoke(name, {}, {})
    expect(answer).toBeNull()
    expect(error).toContain(`${variable}: not set`)
  })
})
