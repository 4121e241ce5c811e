import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writeArchive } from '../../test/writeArchive.ts'

const example = (name: string) =>
  readFileSync(fileURLToPath(new URL(`../../../../examples/archive/${name}`, import.meta.url)), 'utf8')

let archive: Awaited<ReturnType<typeof writeArchive>>
let connection: DuckDBConnection

beforeAll(async () => {
  archive = await writeArchive()
  connection = await (await DuckDBInstance.create(':memory:')).connect()
})
afterAll(() => rm(archive.folder, { recursive: true }))

const ask = async (sql: string) =>
  (
    await connection.runAndReadAll(sql.replaceAll("'archive/", `'${archive.folder}/`))
  ).getRowObjectsJson() as Record<string, unknown>[]

const LINES = `read_json('archive/events/*/*/*.ndjson.gz', hive_partitioning = true, union_by_name = true)`
const ONCE = 'QUALIFY row_number() OVER (PARTITION BY view_id, seq) = 1'

describe('DuckDB reads of the archive', () => {
  it('each line by itself, those of every copy and of every gzip member', async () => {
    expect(await ask(`SELECT count(*)::INTEGER AS lines FROM ${LINES}`)).toEqual([
      { lines: archive.truth.lines },
    ])
  })

  it('each event once, by the hour in which it was received', async () => {
    expect(
      await ask(
        `SELECT dt::VARCHAR AS dt, hour::INTEGER AS hour, count(*)::INTEGER AS events FROM (FROM ${LINES} ${ONCE})
         GROUP BY ALL ORDER BY ALL`,
      ),
    ).toEqual(archive.truth.perHour)
  })

  it('what a viewer may write, as it was written', async () => {
    expect(
      await ask(`SELECT DISTINCT context.content.title AS title FROM ${LINES} WHERE view_id = 'view-3'`),
    ).toEqual([{ title: archive.truth.title }])
  })

  it('the events of a day, by the question in the examples', async () => {
    const rows = await ask(example('events.sql'))
    expect(rows).toHaveLength(archive.truth.perHour[0]!.events)
    expect(Object.keys(rows[0]!)).toEqual(['happened', 'view_id', 'seq', 'type', 'content_id'])
  })

  it('an event that is three days late by its own day, by the question in the examples', async () => {
    expect(await ask(example('late.sql'))).toEqual([
      { received_on: '2026-11-22', events: String(archive.truth.late) },
    ])
  })
})

it('zcat reads every line of the archive', () => {
  const text = execFileSync('sh', ['-c', 'cat "$0"/events/*/*/*.gz | gzip -dc', archive.folder], {
    maxBuffer: 1 << 30,
  }).toString()
  expect(text.endsWith('}\n')).toBe(true)
  expect(text.split('\n')).toHaveLength(archive.truth.lines + 1)
})
