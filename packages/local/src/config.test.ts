import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { readConfig, StartError } from './config.ts'

const read = async (env: NodeJS.ProcessEnv) =>
  readConfig({ VIEWBEAT_DATA_DIR: await mkdtemp(join(tmpdir(), 'viewbeat-config-')), ...env })

it('the pipeline writes to an OpenSearch only when one is named', async () => {
  expect(await read({})).not.toHaveProperty('search')
  expect(await read({ VIEWBEAT_SEARCH: '' })).not.toHaveProperty('search')
  const search = 'http://127.0.0.1:9200'
  expect(await read({ VIEWBEAT_SEARCH: search })).toMatchObject({ search, port: 8080 })
})

it.each([
  ['PORT', 'eighty'],
  ['PORT', '65536'],
  ['VIEWBEAT_SEARCH', 'localhost:9200'],
  ['VIEWBEAT_SEARCH', 'somewhere'],
])('%s cannot be %s, and that is said by its name', async (variable, value) => {
  const reading = read({ [variable]: value })
  await expect(reading).rejects.toThrow(StartError)
  await expect(reading).rejects.toThrow(variable)
})
