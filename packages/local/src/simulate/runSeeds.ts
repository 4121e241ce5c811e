import type { Finding } from './finding.ts'
import { judge } from './judge.ts'
import { playSeed, type Scene } from './playSeed.ts'

/** How far a run has come. */
export interface Progress {
  played: number
  failed: number
  events: number
  seconds: number
}

/** What seeds came to. */
export interface FaultReport {
  first: number
  seeds: number
  /** Whether it was stopped before all were played. */
  stopped: boolean
  seconds: number
  views: number
  captured: number
  /** Records that the stream took, copies included. */
  records: number
  /** How often a sink was handed a record, and how often that was not the first time. */
  deliveries: number
  redeliveries: number
  /** Events in quarantine: what the ingest rejected, and what sinks and mappings gave up. */
  quarantined: number
  /** Events that the SDK counted as lost. */
  dropped: number
  /** Events that a page gave to the browser as it went and that nobody answered for. */
  withBrowser: number
  /** Pieces of poison on the stream. */
  poison: number
  /** How often each fault was met. */
  faults: Record<string, number>
  /** The seeds that the real store was played with. */
  withDuckDb: number
  failed: { seed: number; found: Finding[] }[]
}

const count = (report: FaultReport, scene: Scene) => {
  report.views += scene.pages.length + scene.partners.length
  report.records += scene.stream.length
  report.poison += scene.poison.length
  const onStream = new Set(
    scene.sinks.flatMap(({ events }) => events.map(({ view_id, seq }) => `${view_id} ${seq}`)),
  )
  for (const { viewId, captured, lost, stays } of scene.pages) {
    report.captured += captured.length
    report.dropped += lost()
    if (!stays) report.withBrowser += captured.filter(({ seq }) => !onStream.has(`${viewId} ${seq}`)).length
  }
  for (const { events } of scene.partners) report.captured += events.length
  const entries = [...scene.quarantined, ...scene.sinks.flatMap(({ quarantined }) => quarantined)]
  report.quarantined += entries.length
  for (const { deliveries } of scene.sinks) {
    const seen = new Set<string>()
    for (const delivery of deliveries) {
      if (delivery.what !== 'invoked') continue
      for (const record of delivery.records) {
        report.deliveries++
        if (seen.has(record)) report.redeliveries++
        seen.add(record)
      }
    }
  }
  for (const [fault, times] of Object.entries(scene.met))
    report.faults[fault] = (report.faults[fault] ?? 0) + times
}

/** Plays seeds one after another and judges each. `duckDbEvery`: each so many-th has the real store, which is slow. */
export const runSeeds = async (
  { first, seeds, duckDbEvery }: { first: number; seeds: number; duckDbEvery: number },
  {
    signal,
    onProgress = () => {},
    onFailed = () => {},
  }: {
    signal?: AbortSignal
    onProgress?: (progress: Progress) => void
    onFailed?: (scene: Scene, found: Finding[]) => void
  } = {},
): Promise<FaultReport> => {
  const report: FaultReport = {
    ...{ first, seeds: 0, stopped: false, seconds: 0, views: 0, captured: 0, records: 0, deliveries: 0 },
    ...{ redeliveries: 0, quarantined: 0, dropped: 0, withBrowser: 0, poison: 0, faults: {}, withDuckDb: 0 },
    failed: [],
  }
  const from = performance.now()
  for (let seed = first; seed < first + seeds && !signal?.aborted; seed++) {
    const hasDuckDb = isWithDuckDb(seed, duckDbEvery)
    const scene = await playSeed(seed, { hasDuckDb })
    const found = judge(scene)
    count(report, scene)
    report.seeds++
    if (hasDuckDb) report.withDuckDb++
    if (found.length > 0) {
      report.failed.push({ seed, found })
      onFailed(scene, found)
    }
    report.seconds = (performance.now() - from) / 1000
    onProgress({
      played: report.seeds,
      failed: report.failed.length,
      events: report.captured,
      seconds: report.seconds,
    })
  }
  report.stopped = report.seeds < seeds
  return report
}

/** Whether a seed is played with the real store: the same seeds always. */
export const isWithDuckDb = (seed: number, every: number) => every > 0 && seed % every === 0
