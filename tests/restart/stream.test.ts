import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { freePorts } from '../../packages/local/src/stream/freePorts.ts'
import everyType from '../../packages/schema/vectors/1.0/valid/every-type.json' with { type: 'json' }
import { readView } from '../e2e/pipeline.ts'
import { openVictim } from './openVictim.ts'

it('a pipeline whose stream is killed says so and ends; what it acknowledged is stored after the next start', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'viewbeat-stream-'))
  onTestFinished(() => rm(dataDir, { recursive: true, force: true }))
  const [port] = (await freePorts(1)) as [number]
  const url = `http://127.0.0.1:${port}`
  const start = async () => {
    const victim = openVictim(dataDir, port)
    onTestFinished(async () => void (await victim.kill('both')))
    await victim.ready()
    return victim
  }

  const first = await start()
  const answer = await fetch(`${url}/v1/events?key=pk_demo`, {
    method: 'POST',
    body: JSON.stringify(everyType),
  })
  expect(answer.status).toBe(202)
  expect(await first.killStream()).toBe(1)
  expect(first.output()).toContain('The stream has ended by itself')

  await start()
  await expect
    .poll(async () => (await readView(url, everyType.view_id))?.events.length, { timeout: 30_000 })
    .toBe(everyType.events.length)
}, 120_000)
