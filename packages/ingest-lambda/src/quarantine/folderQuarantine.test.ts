import { appendFile, mkdtemp, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { QuarantineEntry } from '@viewbeat/schema'
import { expect, it } from 'vitest'
import { folderQuarantine } from './folderQuarantine.ts'

const entry: QuarantineEntry = {
  v: 1,
  stage: 'ingest',
  received_at: Date.UTC(2026, 0, 2, 3),
  rejections: [],
}

const open = async () => {
  const folder = await mkdtemp(join(tmpdir(), 'viewbeat-quarantine-'))
  const file = join(folder, 'dt=2026-01-02', 'hour=03', 'quarantine.ndjson')
  const read = async () => (await readFile(file, 'utf8')).split('\n')
  return { file, read, quarantine: folderQuarantine(folder) }
}

it('keeps entries as lines, by the hour they arrived', async () => {
  const { quarantine, read } = await open()
  await quarantine.put([entry, entry])
  await quarantine.put([entry])
  expect(await read()).toEqual([...Array(3).fill(JSON.stringify(entry)), ''])
})

it('keeps entries apart that are put at once, however large', async () => {
  const { quarantine, read } = await open()
  const large = { ...entry, body_base64: 'A'.repeat(700_000) }
  const many = Array.from({ length: 20 }, (_, place) => (place % 2 ? large : entry))
  await Promise.all(many.map((one) => quarantine.put([one])))
  const lines = (await read()).filter(Boolean)
  expect(lines.map((line) => JSON.parse(line).body_base64?.length ?? 0).toSorted()).toEqual(
    many.map(({ body_base64 = '' }: QuarantineEntry) => body_base64.length).toSorted(),
  )
})

it('glues no entry to the half line of a writer that was killed', async () => {
  const { quarantine, file, read } = await open()
  await quarantine.put([entry])
  await appendFile(file, '{"v":1,"sta')
  await quarantine.put([entry])
  expect(await read()).toEqual([JSON.stringify(entry), '{"v":1,"sta', JSON.stringify(entry), ''])
})
