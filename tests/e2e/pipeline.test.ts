import { execFileSync } from 'node:child_process'
import { readdir, stat } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { checkOrder, type PlayerEvent, type ViewRecord } from '@viewbeat/schema'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import everyType from '../../packages/schema/vectors/1.0/valid/every-type.json' with { type: 'json' }
import { callVideo, changeSource, launchChromium, openTrackedPage, readViewId } from './browser.ts'
import {
  eventually,
  newDataDir,
  type Pipeline,
  readArchive,
  readQuarantine,
  readView,
  spawnStart,
  startPipeline,
} from './pipeline.ts'

type CapturedEvent = PlayerEvent & { view_id: string }

let pipeline: Pipeline
let browser: Browser

beforeAll(async () => {
  ;[browser, pipeline] = await Promise.all([launchChromium(), newDataDir().then(startPipeline)])
})
afterAll(async () => {
  await browser?.close()
  pipeline?.process.kill('SIGKILL')
})

/** Ended; a zombie that nobody has asked after has ended too. */
const isGone = (pid: string) => {
  try {
    return execFileSync('ps', ['-o', 'stat=', '-p', pid]).toString().startsWith('Z')
  } catch {
    return true
  }
}

/** What the page's own hook saw, once a view has an event of this type. */
const capturedUntil = async (page: Page, viewId: string, type: string, times = 1) => {
  await page.waitForFunction(
    ([viewId, type, times]) =>
      (window as never as { captured: CapturedEvent[] }).captured.filter(
        (event) => event.view_id === viewId && event.type === type,
      ).length >= times,
    [viewId, type, times] as const,
  )
  return page.evaluate(() => (window as never as { captured: CapturedEvent[] }).captured)
}

const post = async (body: string, { key = 'pk_demo', type = 'text/plain' } = {}) => {
  const response = await fetch(`${pipeline.url}/v1/events?key=${key}`, {
    method: 'POST',
    body,
    headers: { 'content-type': type },
  })
  return {
    status: response.status,
    cors: response.headers.get('access-control-allow-origin'),
    body: await response.json(),
  }
}

describe('bad input', () => {
  it('that is not JSON is answered 400, and a copy is in quarantine', async () => {
    expect(await post('not JSON')).toMatchObject({ status: 400, cors: '*' })
    const entries = await readQuarantine(pipeline.dataDir)
    expect(entries).toContainEqual(
      expect.objectContaining({ body_base64: Buffer.from('not JSON').toString('base64'), publisher: 'demo' }),
    )
  })

  it('of one bad event in five is answered 202: four are stored, one is in quarantine with the reason', async () => {
    const batch = { ...structuredClone(everyType), view_id: '01K5M0PV40ZZZZZZZZZZZZZZ01', dropped: {} }
    batch.events = batch.events.slice(0, 5)
    batch.events[3]!.t_ms = -5
    const answer = await post(JSON.stringify(batch))
    expect(answer).toMatchObject({
      status: 202,
      body: {
        accepted: 4,
        rejected: [{ batch: 0, index: 3, seq: 3, code: 'too_small', path: '/events/3/t_ms' }],
      },
    })
    const stored = await eventually(() => readView(pipeline.url, batch.view_id), 'the view in the store')
    expect(stored.events.map(({ seq }) => seq)).toEqual([0, 1, 2, 4])
    expect(stored.accounting).toEqual({ delivered: 4, quarantined: 1, dropped: 0 })
    expect(await readQuarantine(pipeline.dataDir)).toContainEqual(
      expect.objectContaining({
        view_id: batch.view_id,
        rejections: [expect.objectContaining({ path: '/events/3/t_ms' })],
        batch: expect.objectContaining({ events: [batch.events[3]] }),
      }),
    )
  })

  it('by a wrong key is answered 403', async () => {
    expect(await post(JSON.stringify(everyType), { key: 'pk_other' })).toMatchObject({
      status: 403,
      cors: '*',
    })
  })

  it.each([600_000, 11_000_000])('of %i bytes is answered 413', async (bytes) => {
    expect((await post('x'.repeat(bytes))).status).toBe(413)
  })

  it('in a fault or a limit is answered 400, naming the field', async () => {
    const ask = (path: string, init?: RequestInit) =>
      fetch(`${pipeline.url}${path}`, init).then((answer) => answer.json())
    expect(await ask('/api/views?limit=zero')).toMatchObject({ message: expect.stringContaining('limit') })
    expect(await ask('/api/faults', { method: 'POST', body: '{"hold_media_ms":-1}' })).toMatchObject({
      message: expect.stringContaining('hold_media_ms'),
    })
  })
})

describe('every way a body can come', () => {
  it.each(['text/plain', 'application/json', 'application/x-ndjson', 'application/octet-stream'])(
    'as %s is stored',
    async (type) => {
      const batch = { ...everyType, view_id: '01K5M0PV40ZZZZZZZZZZZZZZ02' }
      expect(await post(`${JSON.stringify(batch)}\n`, { type })).toMatchObject({
        status: 202,
        body: { accepted: 29 },
      })
    },
  )
})

describe('another source in the same element', () => {
  it.each(['no', 'before', 'after'] as const)(
    'is another view, played like the first (setContent: %s)',
    async (told) => {
      const page = await openTrackedPage(await browser.newContext(), pipeline.url)
      const first = await readViewId(page)
      await callVideo(page, 'play')
      await capturedUntil(page, first, 'first_frame')
      await sleep(500)
      await changeSource(page, '/sample/sample.mp4?again', told)
      const second = await eventually(async () => {
        const viewId = await readViewId(page)
        return viewId === first ? undefined : viewId
      }, 'another view')
      const captured = await capturedUntil(page, second, 'first_frame')
      expect([...new Set(captured.map(({ view_id }) => view_id))]).toEqual([first, second])

      const typesOf = (viewId: string) =>
        captured.filter((event) => event.view_id === viewId).map(({ type }) => type)
      expect(typesOf(first).at(-1)).toBe('view_end')
      expect(typesOf(first)).not.toContain('rebuffer_start')
      expect(typesOf(second)).toEqual(expect.arrayContaining(['view_start', 'play_request', 'first_frame']))

      const ended = await eventually(async () => {
        const found = await readView(pipeline.url, first)
        return found?.view.end_reason ? found.view : undefined
      }, 'the end of the first view')
      expect(ended).toMatchObject({ end_reason: 'source_change', outcome: 'quit' })
      expect(ended.context.content).toMatchObject({ id: 'e2e', duration_ms: 30_000 })
      await page.close()
      const next = await eventually(async () => {
        const found = await readView(pipeline.url, second)
        return found?.view.startup_ms ? found : undefined
      }, 'the start of the second view')
      expect(next.view.context.content.id).toBe(told === 'no' ? 'e2e' : '/sample/sample.mp4?again')
    },
  )

  it('is no other view when it is the same source again, and the time without media is a pause', async () => {
    const page = await openTrackedPage(await browser.newContext(), pipeline.url)
    const first = await readViewId(page)
    await callVideo(page, 'play')
    await capturedUntil(page, first, 'first_frame')
    await sleep(500)
    await page.evaluate(() => document.querySelector('video')!.load())
    await sleep(1000)
    await callVideo(page, 'play')
    const captured = await capturedUntil(page, first, 'playing')
    expect(await readViewId(page)).toBe(first)
    expect(checkOrder(captured)).toEqual([])
    const types = captured
      .filter(({ type }) => /^(play_request|pause|playing)$/.test(type))
      .map(({ type }) => type)
    expect(types).toEqual(['play_request', 'pause', 'play_request', 'playing'])
    await page.close()
  })
})

describe('a crash of the tab', () => {
  it('loses nothing that was older than one flush', async () => {
    const page = await openTrackedPage(await browser.newContext(), pipeline.url)
    const viewId = await readViewId(page)
    await callVideo(page, 'play')
    for (let n = 0; n < 12; n++) {
      await page.evaluate(
        (n) =>
          (window as never as { tracker: { track(name: string, n: number): void } }).tracker.track('tick', n),
        n,
      )
      await sleep(250)
    }
    const captured = await page.evaluate(() =>
      (window as never as { captured: { seq: number; t_ms: number }[] }).captured.map(({ seq, t_ms }) => ({
        seq,
        t_ms,
      })),
    )
    const session = await page.context().newCDPSession(page)
    void session.send('Page.crash').catch(() => {})
    await page.waitForEvent('crash')

    const crashedAt = captured.at(-1)!.t_ms
    const old = captured.filter(({ t_ms }) => t_ms < crashedAt - 1250).map(({ seq }) => seq)
    expect(old.length).toBeGreaterThan(6)
    const stored = await eventually(async () => {
      const found = await readView(pipeline.url, viewId)
      const seqs = new Set(found?.events.map(({ seq }) => seq))
      return old.every((seq) => seqs.has(seq)) ? found : undefined
    }, 'all events older than a flush')
    expect(stored.events.map(({ seq }) => seq)).toEqual(stored.events.map((_, index) => index))
    expect(stored.events.at(-1)).toHaveProperty('totals')
    expect(checkOrder(stored.events)).toEqual([])
    await page.close()
  })
})

describe('the examples of the READMEs', () => {
  it.each([
    ['html-video', 'ep-101'],
    ['own-tracker', 'ep-102'],
    ['es-module', 'ep-103'],
    ['react', 'ep-104'],
    ['async-script', 'ep-105'],
    ['hls', 'ep-106'],
    ['ads', 'ep-107'],
  ])('%s tracks its video, in one view', async (example, content) => {
    const all = async () => {
      const { views } = (await (await fetch(`${pipeline.url}/api/views`)).json()) as { views: ViewRecord[] }
      return views.filter(({ context }) => context.content.id === content)
    }
    const before = new Set((await all()).map(({ view_id }) => view_id))
    const newViews = async () => (await all()).filter(({ view_id }) => !before.has(view_id))
    const page = await browser.newPage()
    await page.goto(`${pipeline.url}/examples/${example}/`)
    await page.waitForSelector('video')
    await page.evaluate(() => document.querySelector('video')!.play())
    await eventually(
      async () => (await newViews()).find(({ state }) => state === 'playing'),
      `a playing view of ${content}`,
    )
    expect(await newViews()).toHaveLength(1)
    await page.close()
  })

  it('async-script makes up for what was called before it came, in order and each at its time', async () => {
    const page = await browser.newPage()
    await page.route('**/viewbeat.iife.js', async (route) => {
      await sleep(1500)
      await route.continue()
    })
    await page.goto(`${pipeline.url}/examples/async-script/`, { waitUntil: 'commit' })
    await page.waitForSelector('video')
    await page.evaluate(() => document.querySelector('video')!.play())
    const viewId = await page
      .waitForFunction(() => Function('return tracker.viewId')())
      .then((handle) => handle.jsonValue())
    const { events } = await eventually(async () => {
      const found = await readView(pipeline.url, viewId as string)
      return found && found.events.length > 3 ? found : undefined
    }, 'the view in the store')
    expect(events.slice(0, 2)).toMatchObject([
      { seq: 0, type: 'view_start' },
      { seq: 1, type: 'custom', name: 'chapter' },
    ])
    expect(events[1]!.t_ms).toBeLessThan(100)
    expect(events[2]!.t_ms).toBeGreaterThan(1000)
    await page.close()
  })
})

describe('the page', () => {
  it('shows the events of a played video, how long each took to be stored, and that none is lost', async () => {
    const page = await browser.newPage()
    const errors: string[] = []
    page.on('pageerror', (error) => errors.push(error.message))
    await page.goto(pipeline.url)
    await page.evaluate(() => {
      const video = document.querySelector('video')!
      video.muted = true
      void video.play()
    })
    await page.getByRole('cell', { name: 'first_frame' }).waitFor()
    await page.evaluate(() => document.querySelector('video')!.pause())
    await page.getByRole('cell', { name: 'pause', exact: true }).waitFor()
    await page.getByText('none lost').waitFor()
    expect(await page.locator('.strip i[data-state=playing]').count()).toBeGreaterThan(0)
    const shown = await page.locator('tbody tr td:nth-child(6)').allInnerTexts()
    const delays = shown.filter((text) => text.endsWith(' ms')).map((text) => Number.parseInt(text, 10))
    expect(delays.length).toBeGreaterThan(5)
    expect(Math.min(...delays)).toBeGreaterThan(0)
    expect(errors).toEqual([])
    await page.close()
  })

  it('stalls the picture when asked to, also in what was played before, and outlives a failed segment', async () => {
    const page = await browser.newPage()
    await page.goto(pipeline.url)
    const play = (from: number) =>
      page.evaluate((from) => {
        const video = document.querySelector('video')!
        video.muted = true
        video.currentTime = from
        return video.play()
      }, from)
    await play(20)
    await page.waitForFunction(() => document.querySelector('video')!.currentTime > 22)
    await play(0)
    const failed = page.waitForResponse((response) => response.status() === 503)
    await page.getByRole('button', { name: 'Fail a segment' }).click()
    await failed
    await page.waitForFunction(() => document.querySelector('video')!.currentTime > 3)
    await page.getByRole('button', { name: /Stall/ }).click()
    await page.locator('.strip i[data-state=rebuffering]').waitFor({ timeout: 15_000 })
    await page.locator('dd', { hasText: /^1 × · [1-9]/ }).waitFor({ timeout: 15_000 })
    await page.close()
  })

  it('shows that nothing is lost when the collector is away and comes back', async () => {
    const page = await browser.newPage()
    await page.goto(pipeline.url)
    await page.evaluate(() => {
      const video = document.querySelector('video')!
      video.muted = true
      void video.play()
    })
    await page.getByText('none lost').waitFor()
    await page.getByRole('button', { name: /collector/ }).click()
    await page.getByRole('button', { name: /collector.*\d s/ }).waitFor()
    await page.evaluate(() => document.querySelector('video')!.pause())
    await page.getByText('on their way').waitFor()
    // Ten seconds away, and the longest pause between two attempts is thirty.
    await page.getByText('none lost').waitFor({ timeout: 45_000 })
    await page.close()
  })
})

describe('stopping and starting', () => {
  it('keeps the data and leaves no process behind', async () => {
    const before = await readView(pipeline.url, '01K5M0PV40ZZZZZZZZZZZZZZ01')
    const late = { ...everyType, view_id: '01K5M0PV40ZZZZZZZZZZZZZZ03' }
    await post(JSON.stringify(late))
    const children = execFileSync('pgrep', ['-P', String(pipeline.process.pid)])
      .toString()
      .trim()
      .split('\n')
    expect(await pipeline.interrupt()).toBe(0)
    await eventually(() => children.every(isGone) || undefined, `the end of ${children}`, 3000)

    // Acknowledged a moment before the end: the sinks got to it all the same, and nothing is left to be put again.
    const archived = await readArchive(pipeline.dataDir)
    expect(archived.filter(({ view_id }) => view_id === late.view_id)).toHaveLength(29)
    const journal = join(pipeline.dataDir, 'journal')
    const left = (await readdir(journal)).map(async (name) => (await stat(join(journal, name))).size)
    expect((await Promise.all(left)).filter((bytes) => bytes > 0)).toEqual([])

    pipeline = await startPipeline(pipeline.dataDir)
    const after = await readView(pipeline.url, '01K5M0PV40ZZZZZZZZZZZZZZ01')
    expect(after?.events).toEqual(before?.events)
    expect(after?.accounting).toEqual(before?.accounting)
    expect((await readView(pipeline.url, late.view_id))?.events).toHaveLength(29)
  })
})

describe('a pipeline killed outright', () => {
  it('takes and stores what is sent after it is started again', async () => {
    const sent = Array.from({ length: 6 }, (_, n) => ({
      ...everyType,
      view_id: `01K5M0PV40ZZZZZZZZZZZZZZ1${n}`,
    }))
    for (const batch of sent.slice(0, 3)) expect((await post(JSON.stringify(batch))).status).toBe(202)
    await eventually(() => readView(pipeline.url, sent[2]!.view_id), 'the last one before')
    pipeline.process.kill('SIGKILL')
    pipeline = await startPipeline(pipeline.dataDir)
    for (const batch of sent.slice(3)) expect((await post(JSON.stringify(batch))).status).toBe(202)
    for (const { view_id } of sent) {
      const stored = await eventually(() => readView(pipeline.url, view_id), view_id)
      expect(stored.events).toHaveLength(29)
    }
  })
})

describe('a start that cannot be', () => {
  const failing = async (env: Record<string, string>) => {
    const { output, exited } = spawnStart({ PORT: '0', ...env })
    const [code] = await exited
    return { code, lines: output.stderr.trim().split('\n') }
  }

  it('because the port is in use says so in one line and exits with 1', async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    await new Promise((done) => taken.once('listening', done))
    const { port } = taken.address() as { port: number }
    const { code, lines } = await failing({ PORT: String(port), VIEWBEAT_DATA_DIR: await newDataDir() })
    taken.close()
    expect({ code, lines }).toEqual({ code: 1, lines: [expect.stringMatching(/^PORT: \d+ is in use/)] })
  })

  it('because the data folder cannot be written says so in one line and exits with 1', async () => {
    const { code, lines } = await failing({ VIEWBEAT_DATA_DIR: '/dev/null/data' })
    expect({ code, lines }).toEqual({
      code: 1,
      lines: [expect.stringMatching(/^VIEWBEAT_DATA_DIR: cannot write/)],
    })
  })

  it('because another pipeline has the data folder says so in one line and exits with 1', async () => {
    const { code, lines } = await failing({ VIEWBEAT_DATA_DIR: pipeline.dataDir })
    expect({ code, lines }).toEqual({
      code: 1,
      lines: [expect.stringMatching(/^VIEWBEAT_DATA_DIR: .* is in use/)],
    })
  })
})
