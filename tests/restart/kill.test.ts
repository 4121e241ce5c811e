import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { FlatEvent, ViewRecord } from '@viewbeat/schema'
import { expect, it } from 'vitest'
import { createRandom } from '../../packages/local/src/faultProxy/createRandom.ts'
import { createPoster } from '../../packages/local/src/load/createPoster.ts'
import { runLoad } from '../../packages/local/src/load/runLoad.ts'
import { freePorts } from '../../packages/local/src/stream/freePorts.ts'
import { foldView } from '../../packages/qoe/src/index.ts'
import { readArchive, readQuarantine, readView } from '../e2e/pipeline.ts'
import { keepAcknowledged } from './keepAcknowledged.ts'
import { isRunning, type Kill, openVictim, type Victim } from './openVictim.ts'

/** `KILLS=50 npm run test:faults -- tests/restart` for a night. */
const KILLS = Number(process.env.KILLS || 8)
const SEED = Number(process.env.KILL_SEED || Date.now() % 1_000_000)

/** How long the stores may take for what is left at the end, ms: a machine may have much else to do. */
const SETTLED_WITHIN_MS = 300_000

/** Some 20 viewers at any moment: so many begin in a minute of theirs, and watch so long. */
const LOAD = {
  views: 4000,
  minutes: 5,
  speed: 8,
  spreadMinutes: 600,
  origin: 'https://www.publisher.example',
}

const byView = (events: FlatEvent[]) => {
  const views = new Map<string, FlatEvent[]>()
  for (const event of events) {
    const known = views.get(event.view_id)
    if (known) known.push(event)
    else views.set(event.view_id, [event])
  }
  return views
}

/** What of a view does not depend on which copy of a batch came first. */
const pick = (view: ViewRecord | undefined) => {
  const { seq, state, outcome, startup_ms, playing_ms, rebuffering_ms, rebuffer_count, dropped } = view!
  return { seq, state, outcome, startup_ms, playing_ms, rebuffering_ms, rebuffer_count, dropped }
}

const bytesIn = async (folder: string) => {
  const sizes = (await readdir(folder)).map(async (name) => (await stat(join(folder, name))).size)
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0)
}

const spilled = async (dataDir: string) => {
  const names = await readdir(join(dataDir, 'spill'), { recursive: true }).catch(() => [])
  return names.filter((name) => name.endsWith('.ndjson'))
}

/** Kills it again and again while it works; answers one that runs. */
const killOften = async (
  start: () => Victim,
  random: () => number,
): Promise<{ victim: Victim; how: Record<Kill, number> }> => {
  const how = { main: 0, both: 0 }
  for (let kills = 0; kills < KILLS; kills++) {
    const victim = start()
    // One in five while it starts, putting again what the one before has left.
    const whileStarting = kills > 0 && random() < 0.2
    if (!whileStarting && !(await victim.ready())) throw new Error(`did not start: ${victim.output()}`)
    await sleep(random() * 3000)
    const kill: Kill = random() < 0.5 ? 'main' : 'both'
    how[kill]++
    const children = await victim.kill(kill)
    // One that goes on would save its state over that of the next one.
    await expect.poll(() => children.filter(isRunning), { timeout: 10_000 }).toEqual([])
  }
  const victim = start()
  if (!(await victim.ready())) throw new Error(`did not start: ${victim.output()}`)
  return { victim, how }
}

it(
  `kill -9 at ${KILLS} moments while viewers play: what was acknowledged is in both stores, once in effect (seed ${SEED})`,
  async () => {
    const random = createRandom(SEED)
    const dataDir = await mkdtemp(join(tmpdir(), 'viewbeat-kill-'))
    const [port] = (await freePorts(1)) as [number]
    const url = `http://127.0.0.1:${port}`
    const poster = createPoster(`${url}/v1/events?key=pk_demo`, 32)
    const { post, acknowledged } = keepAcknowledged(poster)
    const enough = new AbortController()
    const load = runLoad(
      { ...LOAD, seed: SEED, drainMs: 60_000 },
      { poster: { post }, signal: enough.signal },
    )
    const { victim, how } = await killOften(() => openVictim(dataDir, port), random)
    try {
      await sleep(1000)
      enough.abort()
      const report = await load
      poster.close()
      // What the stream did not take in time waits in the spill, which is drained every few seconds; then the journal has it,
      // which is empty once every store is done with everything.
      await expect.poll(() => spilled(dataDir), { timeout: SETTLED_WITHIN_MS }).toEqual([])
      await expect.poll(() => bytesIn(join(dataDir, 'journal')), { timeout: SETTLED_WITHIN_MS }).toBe(0)

      const archived = byView(await readArchive(dataDir))
      let copies = 0
      for (const [viewId, acked] of acknowledged) {
        const all = archived.get(viewId) ?? []
        const distinct = [...new Map(all.map((event) => [event.seq, event])).values()].toSorted(
          (a, b) => a.seq - b.seq,
        )
        copies += all.length - distinct.length
        const inArchive = distinct.map(({ seq }) => seq)
        expect({ viewId, lost: [...acked].filter((seq) => !inArchive.includes(seq)) }).toEqual({
          viewId,
          lost: [],
        })
        const stored = await readView(url, viewId)
        expect({ viewId, seqs: stored?.events.map(({ seq }) => seq) }).toEqual({ viewId, seqs: inArchive })
        expect(pick(stored?.view)).toEqual(pick(foldView(distinct)))
      }
      expect(await readQuarantine(dataDir)).toEqual([])
      const events = [...acknowledged.values()].reduce((sum, { size }) => sum + size, 0)
      console.log(
        `${how.main} kills of the pipeline, ${how.both} of its stream too; ${acknowledged.size} views, ${events} events acknowledged, ${copies} copies in the archive, answers ${JSON.stringify(report.answers)}`,
      )
      expect(events).toBeGreaterThan(100)
    } catch (error) {
      console.error(victim.output().slice(-5000))
      throw error
    } finally {
      await victim.interrupt()
      await rm(dataDir, { recursive: true, force: true })
    }
  },
  SETTLED_WITHIN_MS + 120_000 + KILLS * 20_000,
)
