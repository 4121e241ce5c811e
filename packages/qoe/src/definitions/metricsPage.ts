import { BAD_SESSION } from './badSession.ts'
import type { DefinitionSet } from './definitionSet.ts'
import type { Metric } from './metric.ts'
import { METRIC_NAMES, type MetricName } from './metricNames.ts'
import { SOURCES } from './sources.ts'

const row = (cells: string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`

/** A Markdown table, its columns padded so that it reads as text too. */
const table = (head: string[], rows: string[][]): string => {
  const widths = head.map((_, column) =>
    Math.max(...[head, ...rows].map((cells) => [...cells[column]!].length), 3),
  )
  const pad = (cells: string[]) =>
    cells.map((cell, column) => cell + ' '.repeat(widths[column]! - [...cell].length))
  return [pad(head), widths.map((width) => '-'.repeat(width)), ...rows.map(pad)].map(row).join('\n')
}

const AGGREGATES: Record<Metric['kind'], string> = {
  ratio: 'Σ ÷ Σ',
  sum: 'Σ',
  quantile: 'median, p95',
  survival: 'Kaplan-Meier median',
  unknown: '–',
}

const isSecondHand = ({ source }: Metric) => 'secondHand' in SOURCES[source]

const sourceOf = (metric: Metric): string => {
  const { says, ...where } = SOURCES[metric.source] as { says: string; url?: string }
  const link = where.url ? `[${says}](${where.url})` : says
  return isSecondHand(metric) ? `${link}, **second hand**` : link
}

const summaryOf = (metric: Metric | undefined): string => {
  if (!metric) return ''
  if (metric.kind === 'unknown') return 'not reproducible'
  return `${metric.unit}, ${AGGREGATES[metric.kind]}${isSecondHand(metric) ? ' ²' : ''}`
}

/** Writes the page of all metrics: what each definition set means by each, and where it has that from. */
export const metricsPage = (sets: Readonly<Record<string, DefinitionSet>>): string => {
  const entries = Object.entries(sets)
  const names = Object.keys(METRIC_NAMES) as MetricName[]
  const metricOf = (set: DefinitionSet, name: MetricName) => set.metrics[name]
  const section = (name: MetricName) => {
    const rows = entries.flatMap(([set, definitions]) => {
      const metric = metricOf(definitions, name)
      return metric
        ? [
            [
              `\`${set}\``,
              metric.says,
              'unit' in metric ? metric.unit : '–',
              AGGREGATES[metric.kind],
              sourceOf(metric),
            ],
          ]
        : []
    })
    return `### ${name}\n\n${METRIC_NAMES[name][0]!.toUpperCase()}${METRIC_NAMES[name].slice(1)}.\n\n${table(
      ['set', 'formula', 'unit', 'of many views', 'source'],
      rows,
    )}`
  }
  return `<!-- Generated from packages/qoe/src/definitions by \`npm test -- packages/qoe -u\`. Change it there. -->

# Metrics

Every figure comes from the **view record**, and the view record from the newest totals of the view, or, where a producer
sends none, from its events. A metric is a formula over that record. Four sets of formulas stand side by side under the same
names, so that two figures that disagree say why.

${table(
  ['set', 'whose'],
  entries.map(([set, { says }]) => [`\`${set}\``, says]),
)}

## How to read them

- **Null is not 0.** A formula that says nothing of a view (no playing time, live without an end, a player that does not
  tell) says null, and the view is not counted. An absent counter is 0, an absent measure is unknown.
- **Shares are Σ ÷ Σ**: the sum of the parts over the sum of the wholes, never the mean of the views' ratios. A stall of
  20 s in 40 s and none in an hour are 0.5 %, not 25 %.
- **Times have quantiles**, from a mergeable sketch (DDSketch, to 1 % of the value): two halves merged are the whole. A set that
  averages says so in its formula.
- **Samples are weighted**: a view of which one in ten is measured (\`sample_rate\` 0.1) counts for ten.
- **The time to the first stall is censored**: a viewer who left early is not one who never stalls. Its median is that of
  Kaplan and Meier, and null where more than half were never seen to stall.
- **²** marks what is known at second hand: somebody else says that it is so.

${table(
  ['what happens', 'what it counts as'],
  [
    [
      'autoplay is blocked and nobody clicks',
      'no attempt: neither exit nor failure. To `mux-like` and `conviva-like` it is one, as far as their pages tell',
    ],
    ['autoplay is blocked and the viewer clicks', 'one attempt; startup counts from the click'],
    [
      'the page is in the background during the start',
      'an attempt, but its startup time is in no percentile, and nobody waited',
    ],
    [
      'the viewer leaves before the first frame',
      'an exit, unless there was a fatal error: then a start failure',
    ],
    [
      'a refusal on purpose (`business`)',
      'no fault: it has figures of its own. The standard makes no difference',
    ],
    ['a fatal error that playback gets over', 'one of `error_count`, and no failure'],
    ['a failure that no error explains', 'a fault'],
    [
      'a fatal error before anybody asked to play',
      'a playback failure of the view, and no failed start, for nobody tried',
    ],
    ['a stall in a seek, or before the first frame', "the seek's, or the startup's"],
    [
      'an ad',
      'content playing is `playing_ms` − `ad_ms`, content stalled is `rebuffering_ms` − `ads.rebuffering_ms`; ads have their own ratio',
    ],
    ['live', 'no completion, no average minute audience'],
    ['the view stops talking', '`timeout` after five minutes; its time is credited up to its newest event'],
    ['the view is still starting', 'nothing yet: it is in no share of starts'],
  ],
)}

## All of them

${table(
  ['metric', 'what', ...entries.map(([set]) => `\`${set}\``)],
  names.map((name) => [
    `[\`${name}\`](#${name})`,
    METRIC_NAMES[name],
    ...entries.map(([, set]) => summaryOf(metricOf(set, name))),
  ]),
)}

${names.map(section).join('\n\n')}

## Concurrent plays

Not of one view but of a minute: \`concurrencyOf(spans)\` gives the peak and the mean of each. What counts as being there:

${table(
  ['whose', 'from', 'until', 'how'],
  [
    [
      'Viewbeat, and Conviva\'s "active sessions"',
      'first frame',
      'end, failure or newest event, pauses included',
      '`openSpan(view)`',
    ],
    [
      'Viewbeat, pauses out',
      'first frame',
      'the same, without pauses',
      '`watchingSpans(events)`: a record does not say when it was paused',
    ],
    [
      "like Mux's current viewers",
      'request',
      'the same, without pauses, a stall for five minutes at most',
      '`watchingSpans(events, { fromRequest: true, longestStallMs: 300_000 })`',
    ],
  ],
)}

Times are put on the server's clock by the skew of the view's newest batch (\`clock_skew_ms\`, the way of the batch included).

## Twice, and the gap

\`accountOf(events, set)\` computes each quantity and each metric of a view twice, from its newest totals and from its events
up to them, and reports both and the gap. Without a lost event a gap is a fault of the producer. With one (\`missing\`), the
totals are right and the events are not. What events tell only nearly (media time, bitrate, latency, sizes, the furthest
position) is marked \`isEstimate\`; frames they do not tell.

## The bad session

Version ${BAD_SESSION.version}: more than ${BAD_SESSION.startup_ms / 1000} s to start, or more than ${BAD_SESSION.rebuffering_ratio * 100} % stalled. Thresholds are choices. Ours are in \`badSession.ts\` with
their reasons, and a change of one is a new version.

## What is not here

- Mux's overall score, Conviva's impacted streams: not reproducible, because parts of them are not public. They are listed, and null.
- The final text of CTA-2066 (2020) has not been seen: its rebuffering ratio is as others tell it. Conviva's definitions are for its
  customers: where only a name is public, the formula is a guess by that name, and says so.
- A percentile of single seeks: a record has their sum. Take \`seek_end.latency_ms\` of the events into \`sketchOf\`.
`
}
