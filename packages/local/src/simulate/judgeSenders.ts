import { isDeepStrictEqual } from 'node:util'
import type { Finding } from './finding.ts'
import { keptEvents, totalDropped } from './keptEvents.ts'
import type { PlayedView } from './playPage.ts'
import type { Scene } from './playSeed.ts'
import type { Copy } from './readStream.ts'

const omitBatch = ({ event }: Copy, seq: Record<string, unknown>) =>
  Object.fromEntries(Object.keys(seq).map((name) => [name, (event as Record<string, unknown>)[name]]))

/** Faults after which a batch may rightly be on the stream more than once. */
const MAY_REPEAT =
  /^(network: (loseAnswer|late|lateAnswer|twice)|put: (drop|late)|ingest (died|timed out)|drain|spill|quarantine|spilled)/

/** Holds what became of events up to the stream against what their senders know of them. */
export const judgeSenders = (
  scene: Scene,
  stream: ReadonlyMap<string, ReadonlyMap<number, Copy[]>>,
): Finding[] => {
  const found: Finding[] = []
  const kept = new Map<string, Set<number>>()
  for (const entry of scene.quarantined)
    for (const { viewId, seqs } of keptEvents(entry)) {
      const known = kept.get(viewId) ?? new Set()
      kept.set(viewId, known)
      for (const seq of seqs) known.add(seq)
    }

  // 503 is said of all that a request held, also where the stream took some of it.
  const mayRepeat =
    Object.keys(scene.met).some((fault) => MAY_REPEAT.test(fault)) ||
    scene.facts.some(({ text }) => text.endsWith('answered 503'))

  const judgePage = ({ viewId, captured, bad, answered, sent, lost, stays }: PlayedView) => {
    const onStream = stream.get(viewId) ?? new Map<number, Copy[]>()
    const inQuarantine = kept.get(viewId) ?? new Set<number>()
    const add = (kind: Finding['kind'], text: string, seqs: number[]) => {
      if (seqs.length > 0) found.push({ kind, text, viewId, seqs })
    }
    const numbers = captured.map(({ seq }) => seq)
    add(
      'lost',
      'was answered 202 and is neither on the stream nor in quarantine',
      numbers.filter((seq) => answered.has(seq) && !onStream.has(seq) && !inQuarantine.has(seq)),
    )
    add(
      'quarantine',
      'is in quarantine without a cause',
      numbers.filter((seq) => inQuarantine.has(seq) && !bad.has(seq)),
    )
    add(
      'quarantine',
      'is on the stream though it is bad',
      numbers.filter((seq) => onStream.has(seq) && bad.has(seq)),
    )
    add(
      'invented',
      'is on the stream and was never captured',
      [...onStream.keys()].filter((seq) => !captured[seq]),
    )
    add(
      'altered',
      'is on the stream as another event',
      numbers.filter((seq) => {
        const { view_id: _, ...event } = captured[seq]!
        const asSent = JSON.parse(JSON.stringify(event))
        return onStream.get(seq)?.some((copy) => !isDeepStrictEqual(omitBatch(copy, asSent), asSent))
      }),
    )
    const missing = numbers.filter((seq) => !onStream.has(seq) && !inQuarantine.has(seq))
    const told = Math.max(0, ...[...onStream.values()].flat().map(({ event }) => totalDropped(event.dropped)))
    if (stays) {
      // What was counted as lost may have arrived all the same, where its answer was lost.
      const unheard = numbers.filter((seq) => !answered.has(seq) && !missing.includes(seq)).length
      if (told !== lost())
        found.push({
          kind: 'unreported',
          viewId,
          text: `${lost()} events are lost, and ${told} are reported`,
          seqs: missing,
        })
      if (missing.length > told || told > missing.length + unheard)
        found.push({
          kind: 'lost',
          viewId,
          seqs: missing,
          text: `of ${captured.length} captured ${missing.length} are missing, ${unheard} of the others are unanswered, and ${told} are reported as dropped`,
        })
    } else {
      const unsent = missing.filter((seq) => !sent.has(seq))
      if (unsent.length > lost())
        add('lost', `was never given to the browser, and only ${lost()} are counted as lost`, unsent)
    }
    if (stays && !mayRepeat)
      add(
        'twice',
        'is on the stream more than once without a cause',
        numbers.filter((seq) => (onStream.get(seq)?.length ?? 0) > 1),
      )
  }
  for (const page of scene.pages) judgePage(page)

  const scraps = new Set(scene.quarantined.map(({ body_base64 }) => body_base64))
  for (const { viewId, events, scraps: sent, oddReceipts } of scene.partners) {
    const onStream = stream.get(viewId)
    for (const text of oddReceipts) found.push({ kind: 'receipt', viewId, text: `the receipt says ${text}` })
    const lost = events.filter(({ event, isGood }) =>
      isGood ? !onStream?.has(event.seq) : !kept.get(viewId)?.has(event.seq),
    )
    if (lost.length > 0)
      found.push({
        kind: 'lost',
        viewId,
        seqs: lost.map(({ event }) => event.seq),
        text: 'was answered for and is neither on the stream nor in quarantine',
      })
    const odd = events.filter(({ event, isGood }) =>
      isGood ? kept.get(viewId)?.has(event.seq) : onStream?.has(event.seq),
    )
    if (odd.length > 0)
      found.push({
        kind: 'quarantine',
        viewId,
        seqs: odd.map(({ event }) => event.seq),
        text: 'is where it does not belong, stream or quarantine',
      })
    for (const scrap of sent)
      if (!scraps.has(scrap))
        found.push({ kind: 'lost', viewId, text: 'a line that is no batch is not in quarantine' })
  }
  return found
}
