// What the SDK costs the page's main thread, in Chromium:
//   node bench/main-thread.mjs        (after npm test; a minute and a half)
// 1. V8 samples with a frame of the SDK's script, over the scripted minute of tests/delivery/scriptedMinute.ts.
// 2. The longest task with a frame of it, CPU throttled to a quarter, 500 events waiting for a collector that is down and
//    stored on the device meanwhile.
import { setTimeout as sleep } from 'node:timers/promises'
import { register } from 'tsx/esm/api'
import { findChromium } from '../scripts/findChromium.mjs'

register()
process.env.CHROME_PATH = await findChromium()
const { launchChromium } = await import('../tests/e2e/browser.ts')
const { createCertificate } = await import('../tests/delivery/certificate.ts')
const { startCollector } = await import('../tests/delivery/collector.ts')
const { startSite } = await import('../tests/delivery/site.ts')
const { openBrowser } = await import('../tests/delivery/visit.ts')
const { playScriptedMinute } = await import('../tests/delivery/scriptedMinute.ts')

const certificate = await createCertificate()
const [browser, site, collector] = await Promise.all([
  launchChromium(),
  startSite(certificate),
  startCollector(certificate),
])
const visitor = await openBrowser(browser, site.url, collector)

/** ms of samples with a frame of the SDK anywhere in their stack. */
const msOf = ({ nodes, samples, timeDeltas }) => {
  const ours = new Set()
  const visit = (node, isOurs) => {
    const here = isOurs || node.callFrame.url.endsWith('/sdk.js')
    if (here) ours.add(node.id)
    for (const child of node.children ?? []) visit(byId.get(child), here)
  }
  const byId = new Map(nodes.map((node) => [node.id, node]))
  visit(nodes[0], false)
  return samples.reduce((sum, id, index) => sum + (ours.has(id) ? timeDeltas[index] : 0), 0) / 1000
}

const profile = async () => {
  const page = await visitor.context.newPage()
  const session = await visitor.context.newCDPSession(page)
  await session.send('Profiler.enable')
  await session.send('Profiler.setSamplingInterval', { interval: 250 })
  await session.send('Profiler.start')
  const options = encodeURIComponent(
    JSON.stringify({ endpoint: collector.endpoint, hls: true, onEvent: null }),
  )
  await page.goto(`${site.url}/watch#${options}`)
  await playScriptedMinute(page, site)
  const { profile } = await session.send('Profiler.stop')
  await page.close({ runBeforeUnload: true })
  return msOf(profile)
}

/** The longest top-level task, ms, in which a function of the SDK ran. */
const longestTask = (events) => {
  const ours = events.filter(
    ({ name, args }) => name === 'FunctionCall' && args?.data?.url?.endsWith('/sdk.js'),
  )
  const tasks = events.filter(({ name, ph }) => name === 'RunTask' && ph === 'X')
  const lengths = ours.map(({ tid, ts }) => {
    const task = tasks.find((task) => task.tid === tid && task.ts <= ts && ts <= task.ts + task.dur)
    return (task?.dur ?? 0) / 1000
  })
  return { calls: ours.length, longest: Math.max(...lengths) }
}

const throttled = async () => {
  const page = await visitor.visit({ consent: 'granted', heartbeatMs: 2000, onEvent: null })
  await sleep(2000)
  collector.behave({ kind: 'answer', status: 503 })
  const session = await visitor.context.newCDPSession(page)
  await session.send('Emulation.setCPUThrottlingRate', { rate: 4 })
  await browser.startTracing(page, {
    categories: ['devtools.timeline', 'disabled-by-default-devtools.timeline', 'toplevel'],
  })
  for (let n = 0; n < 250; n++) {
    await page.evaluate((n) => {
      for (let i = 0; i < 2; i++) window.tracker.track('chapter', { n, i, title: 'Ünïcödé '.repeat(10) })
    }, n)
  }
  await sleep(8000)
  collector.behave({ kind: 'accept' })
  await sleep(30_000)
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString())
  const delivered = collector.received.flatMap(({ batches }) =>
    batches.flatMap(({ events }) => events),
  ).length
  await page.close()
  return { ...longestTask(traceEvents), delivered }
}

const minute = await profile()
console.log(`scripted minute: ${minute.toFixed(1)} ms of V8 samples (limit 50)`)
const { calls, longest, delivered } = await throttled()
console.log(
  `500 events waiting, CPU at a quarter: longest task ${longest.toFixed(1)} ms of ${calls} calls (limit 10); ${delivered} events delivered`,
)
await browser.close()
site.close()
await collector.close()
process.exit(minute <= 50 && longest <= 10 ? 0 : 1)
