import { paint, plural, type Terminal, tame } from '@viewbeat/ingest-lambda/cli'
import { drawBar } from './drawBar.ts'
import { drawEvent } from './drawEvent.ts'
import type { BatchWay } from './findBatches.ts'
import type { Gap } from './findGaps.ts'
import type { Refused } from './found.ts'
import type { Timeline } from './readTimeline.ts'
import { NONE, toClock, toDuration, toMoment, toMs, toShare } from './words.ts'

const WHY: Record<Gap['why'], string> = {
  quarantined: 'in quarantine',
  dropped: 'the producer says that it lost them',
  not_yet: 'not there yet: the view was heard of a moment ago',
  unclear: 'the producer says that it lost some of them',
  missing: 'missing, and nobody says why',
}

const words = (...parts: (string | undefined | null | false)[]) =>
  parts.filter((part) => part).map((part) => tame(part as string))

const drawHeader = (terminal: Terminal, timeline: Timeline): string[] => {
  const { view, metrics, captured, missing, accounting, clock_offset_ms } = timeline
  const { content, player, device } = view.context
  const { client, sdk } = view
  const bold = (text: string) => paint(terminal, 'bold', text)
  const label = (text: string) => paint(terminal, 'dim', text.padEnd(10))
  const outcome = view.outcome === 'failed' ? 'red' : view.outcome === 'open' ? 'cyan' : 'green'
  const { delivered, quarantined, dropped } = accounting
  const fatal = view.fatal_error && ` (${tame(view.fatal_error.category)} ${tame(view.fatal_error.code)})`
  const sum = [
    `${delivered.toLocaleString('en')} delivered`,
    `${quarantined.toLocaleString('en')} quarantined`,
    `${dropped.toLocaleString('en')} reported dropped`,
    ...(missing > 0 ? [paint(terminal, 'red', `${missing.toLocaleString('en')} missing`)] : []),
  ].join(' + ')
  return [
    `${bold(tame(view.view_id))}  ${paint(terminal, outcome, view.outcome)}${fatal ?? ''}`,
    '',
    `${label('content')}${words(content.id, content.title, content.stream_type).join(' · ')}`,
    `${label('publisher')}${tame(view.publisher)}`,
    `${label('player')}${words(
      [player?.name, player?.version].filter(Boolean).join(' '),
      [player?.engine, player?.engine_version].filter(Boolean).join(' '),
      `${sdk.name} ${sdk.version}`,
    ).join(' · ')}`,
    `${label('viewer')}${words(device?.type ?? client.device_type, client.browser, client.os, client.country, client.bot && 'bot').join(' · ') || NONE}`,
    `${label('began')}${toMoment(view.started_at)} UTC by the device, ${toDuration(view.elapsed_ms)} long`,
    `${label('clocks')}server ${clock_offset_ms >= 0 ? 'ahead' : 'behind'} by ${toMs(Math.abs(clock_offset_ms))}, the fastest way here included`,
    '',
    [
      `startup ${bold(toMs(metrics.startup_ms))}`,
      `watched ${bold(toDuration(metrics.watched_ms))}`,
      `stalls ${bold(String(metrics.rebuffer_count))} (${toShare(metrics.rebuffer_ratio)})`,
      `frames dropped ${bold(toShare(metrics.dropped_frame_ratio))}`,
      ...(view.bitrate_bps
        ? [`bitrate ${bold(`${Math.round(view.bitrate_bps / 1000).toLocaleString('en')} kbit/s`)}`]
        : []),
      `errors ${bold(String(view.error_count))}`,
    ].join('   '),
    captured === undefined ? sum : `${bold(plural(captured, 'event'))} captured = ${sum}`,
  ]
}

const drawReason = ({ stage, code, path, message }: Refused) =>
  tame(`${stage}: ${code}${path && ` at ${path}`}${message && `, ${message}`}`)

const drawGap = (terminal: Terminal, { from_seq, to_seq, events, why, refused = [] }: Gap): string[] => {
  const numbers = events === 1 ? `#${from_seq}` : `#${from_seq}–${to_seq}`
  const style = why === 'not_yet' ? 'cyan' : 'red'
  const line = `╌╌ ${plural(events, 'event')} not here, ${numbers}: ${WHY[why]}`
  const reasons = [...new Set(refused.map(drawReason))].map((reason) => `   ${reason}`)
  return ['', paint(terminal, style, line), ...reasons.map((reason) => paint(terminal, 'dim', reason)), '']
}

const drawBatch = (terminal: Terminal, batch: BatchWay): string => {
  const stored = batch.stored_after_ms === undefined ? '' : `, stored ${toMs(batch.stored_after_ms)} after`
  const text =
    `└─ batch of ${batch.events}: held ${toMs(batch.held_ms)}, sent ${toClock(batch.sent_at)}, ` +
    `received ${toClock(batch.received_at)}${batch.slower_ms > 0 ? ` (+${toMs(batch.slower_ms)})` : ''}${stored}`
  return paint(terminal, 'dim', ` ${text}`)
}

/** Draws a view: who and how well, its states as a bar, and its events with what is missing among them and which way they came. */
export const drawTimeline = (terminal: Terminal, timeline: Timeline): string[] => {
  const { events, gaps, batches, spans, refused } = timeline
  const lines = drawHeader(terminal, timeline)
  const bar = drawBar(terminal, spans, Math.max(20, Math.min(100, terminal.columns - 2)))
  if (bar.length > 0) lines.push('', ...bar)
  const head = `${'t'.padStart(11)}  ${'playhead'.padStart(12)}  ${'state'.padEnd(11)}  ${'#'.padStart(5)}  event`
  lines.push('', paint(terminal, 'dim', head))

  const endsBatch = new Map(batches.map((batch) => [batch.last_seq, batch]))
  const waiting = [...gaps]
  const drawGapsBefore = (seq: number) => {
    while (waiting[0] && waiting[0].from_seq < seq) lines.push(...drawGap(terminal, waiting.shift()!))
  }
  let wasStall = false
  for (const event of events) {
    drawGapsBefore(event.seq)
    const isStall = event.state === 'rebuffering'
    // The event that ends a stall belongs to it.
    lines.push(...drawEvent(terminal, event, isStall || wasStall))
    wasStall = isStall
    const batch = endsBatch.get(event.seq)
    if (batch) lines.push(drawBatch(terminal, batch))
  }
  drawGapsBefore(Number.POSITIVE_INFINITY)
  if (refused.length > 0)
    lines.push(
      '',
      paint(
        terminal,
        'red',
        `${plural(refused.length, 'refused batch', 'refused batches')} whose numbers nobody can read`,
      ),
    )
  for (const one of refused)
    lines.push(paint(terminal, 'dim', `   ${toMoment(one.received_at)} ${drawReason(one)}`))
  return lines
}
