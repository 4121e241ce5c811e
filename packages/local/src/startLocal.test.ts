import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { startLocal } from './startLocal.ts'

it('a pipeline whose pages cannot be built ends in order what it has started, and says why', {
  timeout: 60_000,
}, async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'viewbeat-pages-'))
  onTestFinished(() => rm(dataDir, { recursive: true, force: true }))
  const start = () => startLocal({ port: 0, dataDir }, Promise.reject(new Error('no such module')), () => {})
  await expect(start()).rejects.toThrow('no such module')
  // It has let go of the folder.
  await expect(start()).rejects.toThrow('no such module')
})
