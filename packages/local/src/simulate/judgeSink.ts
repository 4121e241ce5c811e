import { isDeepStrictEqual } from 'node:util'
import { carriesTotals, foldView } from '@viewbeat/qoe'
import type { FlatEvent, QuarantineEntry, ViewRecord } from '@viewbeat/schema'
import type { Finding } from './finding.ts'
import { keptEvents, totalDropped } from './keptEvents.ts'
import type { Scene } from './playSeed.ts'
import type { Copy } from './readStream.ts'
import type { Sunk } from './sunk.ts'

/** Every event of a view by its number, and how often it is there. */
const byView = (events: readonly FlatEvent[]) => {
  const views = new Map<string, Map<number, FlatEvent[]>>()
  for (const event of events) {
    const view = views.get(event.view_id) ?? new Map<number, FlatEvent[]>()
    views.set(event.view_id, view)
    view.set(event.seq, [...(view.get(event.seq) ?? []), event])
  }
  return views
}

/** What of a record depends on which copy of its newest event was stored. */
const ofCopy = ['received_at', 'clock_skew_ms', 'dropped', 'client', 'started_at'] as const

const withoutCopy = (view: ViewRecord) => {
  const rest: Partial<ViewRecord> = structuredClone(view)
  for (const name of ofCopy) delete rest[name]
  // A store says so of an open view when it is read long after.
  if (rest.outcome === 'timeout') rest.outcome = 'open'
  return rest
}

const isNotStored = ({ rejections }: QuarantineEntry) => rejections[0]?.code === 'not_stored'

/** Holds what a sink has against what the stream had. */
export const judgeSink = (
  scene: Scene,
  sink: Sunk,
  stream: ReadonlyMap<string, ReadonlyMap<number, Copy[]>>,
): Finding[] => {
  const { stage } = sink
  const found: Finding[] = [...sink.wrong]
  const stored = byView(sink.events)
  const kept = new Map<string, Set<number>>()
  const refused = new Map<string, Set<number>>()
  const givenUp = new Map<string, Set<number>>()
  const told = new Map<string, number>()
  const note = (map: Map<string, Set<number>>, viewId: string, seqs: readonly number[]) => {
    const known = map.get(viewId) ?? new Set()
    map.set(viewId, known)
    for (const seq of seqs) known.add(seq)
  }
  for (const entry of sink.quarantined)
    for (const { viewId, seqs, dropped } of keptEvents(entry)) {
      note(kept, viewId, seqs)
      note(isNotStored(entry) ? givenUp : refused, viewId, seqs)
      told.set(viewId, Math.max(told.get(viewId) ?? 0, dropped))
    }
  for (const { view_id, dropped } of sink.events)
    told.set(view_id, Math.max(told.get(view_id) ?? 0, totalDropped(dropped)))

  const add = (kind: Finding['kind'], viewId: string, text: string, seqs: number[]) => {
    if (seqs.length > 0) found.push({ kind, viewId, seqs, text: `${stage}: ${text}` })
  }
  for (const [viewId, onStream] of stream) {
    const events = stored.get(viewId) ?? new Map<number, FlatEvent[]>()
    const numbers = [...onStream.keys()]
    const inQuarantine = kept.get(viewId) ?? new Set<number>()
    add(
      'lost',
      viewId,
      'is on the stream and neither stored nor in quarantine',
      numbers.filter((seq) => !events.has(seq) && !inQuarantine.has(seq)),
    )
    if (stage !== 'archive')
      add(
        'twice',
        viewId,
        'is stored more than once',
        numbers.filter((seq) => (events.get(seq)?.length ?? 0) > 1),
      )
    add(
      'altered',
      viewId,
      'is stored as another event',
      numbers.filter((seq) =>
        events
          .get(seq)
          ?.some(
            (event) => !onStream.get(seq)!.some((copy) => isDeepStrictEqual(plain(copy.event), plain(event))),
          ),
      ),
    )
    const isRefused = refused.get(viewId) ?? new Set<number>()
    add(
      'quarantine',
      viewId,
      'was refused by the store, which has it all the same',
      numbers.filter((seq) => isRefused.has(seq) && events.has(seq)),
    )
    if (stage === 'archive')
      add('quarantine', viewId, 'was refused by a store that takes all', [...isRefused])
    const view = sink.views?.find(({ view_id }) => view_id === viewId)
    if (sink.views)
      found.push(
        ...judgeView(stage, viewId, view, {
          onStream,
          events,
          inQuarantine,
          givenUp: givenUp.get(viewId) ?? new Set(),
        }),
      )
  }
  for (const [viewId, events] of stored)
    add(
      'invented',
      viewId,
      'is stored and was never on the stream',
      [...events.keys()].filter((seq) => !stream.get(viewId)?.has(seq)),
    )

  for (const page of scene.pages) {
    if (!page.stays) continue
    const has = new Set([...(stored.get(page.viewId)?.keys() ?? []), ...(kept.get(page.viewId) ?? [])])
    for (const entry of scene.quarantined)
      for (const { viewId, seqs } of keptEvents(entry))
        if (viewId === page.viewId) for (const seq of seqs) has.add(seq)
    const missing = page.captured.map(({ seq }) => seq).filter((seq) => !has.has(seq))
    if (missing.length > (told.get(page.viewId) ?? 0))
      add(
        'unreported',
        page.viewId,
        `of ${page.captured.length} captured ${missing.length} are missing, and ${told.get(page.viewId) ?? 0} are reported as dropped`,
        missing,
      )
  }
  found.push(...judgePoison(scene, sink))
  return found
}

const plain = (event: FlatEvent) => JSON.parse(JSON.stringify(event)) as FlatEvent

/** A view's record is the one of the newest totals that the sink has taken, in whatever copy. */
const judgeView = (
  stage: string,
  viewId: string,
  view: ViewRecord | undefined,
  {
    onStream,
    events,
    inQuarantine,
    givenUp,
  }: {
    onStream: ReadonlyMap<number, Copy[]>
    events: ReadonlyMap<number, FlatEvent[]>
    inQuarantine: ReadonlySet<number>
    /** What is in quarantine because the mapping gave up on it. */
    givenUp: ReadonlySet<number>
  },
): Finding[] => {
  const say = (text: string, seqs: number[] = []): Finding[] => [
    { kind: 'totals', viewId, seqs, text: `${stage}: ${text}` },
  ]
  const copies = (seqs: Iterable<number>) =>
    [...seqs].flatMap((seq) => onStream.get(seq)!.map(({ event }) => event))
  const has = [...events.keys()].filter((seq) => onStream.has(seq))
  // Of what the mapping gave up on the events may be stored, and the view record not yet: its re-drive brings it.
  const isSettled = has.every((seq) => !givenUp.has(seq))
  const least = foldView(copies(has.filter((seq) => !givenUp.has(seq))))
  if (!view) return least ? say(`there is no view record, though ${has.length} events are stored`, has) : []
  // And the other way round: a record may know of what the store then refused.
  const may = [...onStream.keys()].filter(
    (seq) => events.has(seq) || (inQuarantine.has(seq) && seq <= view.seq),
  )
  const most = foldView(copies(may))
  const told = copies([view.seq].filter((seq) => may.includes(seq)))
  const folds = [least, most, foldView(told)].filter((fold) => fold !== undefined)
  const fits =
    view.seq >= (least?.seq ?? 0) && folds.some((fold) => isDeepStrictEqual(plainView(fold), plainView(view)))
  if (!fits && (isSettled || view.basis === 'totals' || view.seq < (least?.seq ?? 0)))
    return say(
      `the view record is as of ${view.seq} (${view.basis}), and the newest stored is ${least?.seq} (${least?.basis})`,
      [view.seq, ...(least ? [least.seq] : [])],
    )
  const newest = copies([view.seq]).find(carriesTotals)
  if (newest && 'totals' in newest && newest.totals) {
    const { playing_ms = 0, rebuffering_ms = 0, rebuffer_count = 0 } = newest.totals
    if (
      view.playing_ms !== playing_ms ||
      view.rebuffering_ms !== rebuffering_ms ||
      view.rebuffer_count !== rebuffer_count
    )
      return say(`the view record does not say what the totals of ${view.seq} say`, [view.seq])
  }
  return []
}

const plainView = (view: ViewRecord) => JSON.parse(JSON.stringify(withoutCopy(view)))

/** Every piece of poison is in quarantine with its bytes and number, and not more often than it was handed in. */
const judgePoison = (scene: Scene, { stage, quarantined, deliveries }: Sunk): Finding[] =>
  scene.poison.flatMap(({ data, sequenceNumber, index }): Finding[] => {
    const entries = quarantined.filter(({ sequence_number }) => sequence_number === sequenceNumber)
    const bytes = Buffer.from(data).toString('base64')
    if (!entries.some(({ body_base64 }) => body_base64 === bytes))
      return [
        { kind: 'poison', text: `${stage}: record ${index} is poison and not in quarantine with its bytes` },
      ]
    const handedIn = deliveries.filter(
      (delivery) =>
        (delivery.what === 'invoked' || delivery.what === 'discarded') &&
        delivery.records.includes(sequenceNumber),
    ).length
    // A put that was done and failed is made again.
    const again = scene.met[`${stage} quarantine failed after it was done`] ?? 0
    return entries.length > handedIn + again
      ? [{ kind: 'poison', text: `${stage}: record ${index} is in quarantine ${entries.length} times` }]
      : []
  })
