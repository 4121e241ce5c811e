import { printSeqs } from './about.ts'
import type { Fact } from './createChronicle.ts'
import type { Finding } from './finding.ts'
import type { Scene } from './playSeed.ts'

/** How many lines of a story are told at most: those in its middle are left out. */
const MOST_LINES = 120

/** How many findings have a story told. */
const MOST_FINDINGS = 5

const time = (at: number) => `${(at / 1000).toFixed(3).padStart(9)} s`

const shorten = (lines: string[]): string[] => {
  const half = MOST_LINES / 2
  return lines.length <= MOST_LINES
    ? lines
    : [...lines.slice(0, half), `      … ${lines.length - MOST_LINES} lines …`, ...lines.slice(-half)]
}

const isAbout = ({ about }: Fact, viewId: string, seqs: ReadonlySet<number>) =>
  about?.get(viewId)?.some((seq) => seqs.has(seq)) ?? false

/** The records of the stream that hold an event. */
const recordsOf = (scene: Scene, viewId: string, seqs: ReadonlySet<number>) =>
  scene.facts.flatMap((fact) => {
    const place = /^stream: record (\d+) in/.exec(fact.text)?.[1]
    return place !== undefined && isAbout(fact, viewId, seqs) ? [place] : []
  })

/** What happened to these events, and what happened to all meanwhile: faults of the network and of stores are those of others. */
const storyOf = (scene: Scene, { viewId, seqs = [] }: Finding): string[] => {
  if (viewId === undefined) return []
  const numbers = new Set(seqs)
  const records = recordsOf(scene, viewId, numbers)
  const names = records.map((place) => new RegExp(`\\brecords? (?:[\\d ]+ )?${place}\\b`))
  return scene.facts
    .filter(
      (fact) =>
        isAbout(fact, viewId, numbers) ||
        (!fact.about &&
          (names.some((name) => name.test(fact.text)) ||
            /merged|split|die|starts again|all is well/.test(fact.text))),
    )
    .map(({ at, text, fault }) => `${time(at)}  ${fault ? '! ' : '  '}${text}`)
}

/** What went wrong with a seed, and the story of the events it went wrong with: captured, sent, answered, put, handed in, stored. */
export const tellStory = (scene: Scene, found: readonly Finding[]): string[] => [
  `Seed ${scene.seed}:`,
  ...found.map(
    ({ kind, text, viewId, seqs }) =>
      `  ${kind}: ${text}${viewId ? ` (view ${viewId}${seqs?.length ? `, ${printSeqs(seqs)}` : ''})` : ''}`,
  ),
  ...found.slice(0, MOST_FINDINGS).flatMap((finding) => {
    const [first] = finding.seqs ?? []
    // One event's way says it, and can be read.
    const story = storyOf(scene, { ...finding, seqs: first === undefined ? [] : [first] })
    return story.length > 0
      ? ['', `  ${finding.kind}, event ${first ?? '–'} of view ${finding.viewId}:`, ...shorten(story)]
      : []
  }),
]

/** All that happened in a seed, in its order; `!` marks faults. */
export const tellAll = (scene: Scene): string[] =>
  scene.facts.map(({ at, text, fault }) => `${time(at)}  ${fault ? '! ' : '  '}${text}`)
