import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { isRunning } from '../../../../tests/restart/openVictim.ts'
import { root } from '../../../../tests/root.ts'
import { startKinesis } from './startKinesis.ts'

it.each(['ready', 'begun'])(
  'the stream ends when its pipeline is killed outright (%s), not only when it is idle',
  async (when) => {
    const folder = await mkdtemp(join(tmpdir(), 'viewbeat-orphan-'))
    const starter = spawn(process.execPath, ['packages/local/test/startStream.mjs', folder], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let said = ''
    starter.stdout.on('data', (text) => {
      said += text
    })
    await expect.poll(() => said, { timeout: 30_000 }).toContain(when)
    const pid = Number(/^begun (\d+)$/m.exec(said)?.[1])
    expect(isRunning(pid)).toBe(true)
    starter.kill('SIGKILL')
    await once(starter, 'exit')
    await expect.poll(() => isRunning(pid), { timeout: 10_000 }).toBe(false)
  },
  60_000,
)

it('a stream whose state was torn by a kill is set aside, and a new one starts', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'viewbeat-torn-'))
  const file = join(folder, 'kinesis-data.json')
  const first = await startKinesis(folder)
  await expect.poll(() => readFile(file, 'utf8').catch(() => ''), { timeout: 10_000 }).toContain('viewbeat')
  await first.stop()
  const half = (await readFile(file)).subarray(0, 500)
  await writeFile(file, half)

  const logged: string[] = []
  const second = await startKinesis(folder, (message) => void logged.push(message))
  await second.stop()
  const aside = (await readdir(folder)).find((name) => name.includes('torn'))
  expect(await readFile(join(folder, aside as string))).toEqual(half)
  expect(logged).toEqual([expect.stringContaining(aside as string)])
  expect(second.createdAt).not.toBe(first.createdAt)
}, 60_000)
