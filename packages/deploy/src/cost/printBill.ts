import type { Bill } from './bill.ts'
import { count, money } from './format.ts'
import type { Line } from './line.ts'
import { PRICES, type Price, type PriceName } from './prices.ts'
import { type Settings, SHAPES } from './settings.ts'
import type { ViewSends } from './trafficOf.ts'

/** How the answer came about, for the head of it. */
export interface Asked {
  viewsPerDay: number
  minutesPerView: number
  view: ViewSends
  /** Where the view's figures are from. */
  origin: string
  /** What the measured viewers do in an hour. */
  usual: string
  /** The same shape with another heartbeat. */
  others: { heartbeat: string; requests: number; usd: number }[]
  settings: Settings
}

const WORDS_AT = 22

/** Breaks a text at spaces so that no line is longer than `width`. */
const wrap = (text: string, width: number): string[] => {
  const lines = ['']
  for (const word of text.split(' ')) {
    const last = lines.at(-1)!
    if (last && last.length + 1 + word.length > width) lines.push(word)
    else lines[lines.length - 1] = last ? `${last} ${word}` : word
  }
  return lines
}

const toRow = ({ what, words, usd, counted }: Line, columns: number): string[] => {
  const sum = counted ? money(usd) : `(${money(usd)})`
  const width = columns - WORDS_AT - 14
  const [first, ...more] = wrap(words, width)
  return [
    `  ${what.padEnd(WORDS_AT - 2)}${first!.padEnd(width)}${sum.padStart(counted ? 13 : 14)}`.trimEnd(),
    ...more.map((rest) => `${''.padEnd(WORDS_AT)}${rest}`),
  ]
}

const rule = (columns: number) => `  ${'─'.repeat(columns - 3)}`

const namesOf = (names: PriceName[], by: Price['by']) =>
  names.filter((name) => (PRICES[name] as Price).by === by).map((name) => (PRICES[name] as Price).unit)

const componentsOf = (lines: Line[]) => {
  const group = (what: string) => {
    if (/^(gateway|bodies|data)/.test(what)) return 'gateway and data out'
    if (what.startsWith('Lambda')) return 'Lambda'
    if (what.startsWith('Kinesis') || what.startsWith(' ')) return 'Kinesis'
    if (what.startsWith('archive')) return 'archive'
    if (what.startsWith('search')) return 'search'
    if (what.startsWith('quarantine') || what.startsWith('spill')) return 'quarantine, spill'
    return 'logs, metrics, key'
  }
  const sums = new Map<string, number>()
  for (const { what, usd, counted } of lines)
    sums.set(group(what), (sums.get(group(what)) ?? 0) + (counted ? usd : 0))
  return sums
}

/** The shapes beside one another. */
const printShapes = (bills: Bill[]): string[] => {
  const width = 15
  const heads = {
    rest: 'REST',
    'http-api': 'HTTP API',
    'function-url': 'function URL',
    cloudfront: 'CloudFront',
  }
  const below = {
    rest: 'an event each',
    'http-api': 'batches',
    'function-url': 'batches',
    cloudfront: '+ URL',
  }
  const row = (name: string, cells: string[]) =>
    `  ${name.padEnd(WORDS_AT - 2)}${cells.map((cell) => cell.padStart(width)).join('')}`.trimEnd()
  const sums = bills.map(({ lines }) => componentsOf(lines))
  return [
    row(
      '$ a month',
      bills.map(({ shape }) => heads[shape]),
    ),
    row(
      '',
      bills.map(({ shape }) => below[shape]),
    ),
    ...[...sums[0]!.keys()].map((name) =>
      row(
        name,
        sums.map((sum) => money(sum.get(name)!)),
      ),
    ),
    row(
      'sum',
      bills.map(({ usd }) => money(usd)),
    ),
    row(
      'a million events',
      bills.map(({ usdPerMillionEvents }) => money(usdPerMillionEvents, 4)),
    ),
    row(
      'a thousand views',
      bills.map(({ usdPerThousandViews }) => money(usdPerThousandViews, 4)),
    ),
  ]
}

/** The bill as people read it, lines for a screen of `columns`. */
export const printBill = (chosen: Bill, all: Bill[], asked: Asked, columns = 100): string[] => {
  const { traffic, lines } = chosen
  const { view, settings } = asked
  const prices = [...new Set(lines.flatMap(({ prices }) => prices))]
  const dates = [...new Set(prices.map((name) => PRICES[name].read))].toSorted()
  const assumed = namesOf(prices, 'nobody')
  const others = namesOf(prices, 'others')
  const perRequest = view.events / view.requests
  const text = (line: string, indent = 2) =>
    wrap(line, columns - indent).map((part) => `${''.padEnd(indent)}${part}`)
  const total = (what: string, usd: string) => `  ${what.padEnd(24)}${usd.padStart(columns - 27)}`
  const peak = traffic.requestsPerSecond * settings.peak
  return [
    `The ingest and the sinks in us-east-1: list prices of ${dates.join(', ')}, no free tier, no discount, no tax.`,
    '',
    ...text(
      `A view of ${count(asked.minutesPerView)} min sends ${count(view.requests)} requests, ${count(view.events)} events (${count(perRequest)} a request), ${count(view.body_bytes / 1000)} kB of bodies, ${count(view.record_bytes / 1000)} kB on the stream. ${asked.origin}`,
    ),
    ...text(
      `${count(asked.viewsPerDay)} views a day × 30.4 days: ${count(traffic.views)} views, ${count(traffic.requests)} requests, ${count(traffic.events)} events a month.`,
    ),
    ...text(
      `${count(traffic.requestsPerSecond)} requests/s on average, ${count(peak)} at peak (${count(settings.peak)} ×), which keeps ${count(Math.ceil((peak * settings.handlerMs) / 1000))} instances busy.`,
    ),
    '',
    `${SHAPES[chosen.shape]}${'$ a month'.padStart(columns - 1 - SHAPES[chosen.shape].length)}`,
    ...lines.flatMap((line) => toRow(line, columns)),
    rule(columns),
    total('sum', money(chosen.usd)),
    total('a million events', money(chosen.usdPerMillionEvents, 4)),
    total('a thousand views', money(chosen.usdPerThousandViews, 4)),
    ...text('(In brackets: the other way to have the stream, not in the sum.)'),
    '',
    'The shapes',
    ...printShapes(all),
    '',
    ...asked.others.flatMap(({ heartbeat, requests, usd }) =>
      text(
        `With ${heartbeat === 'default' ? 'heartbeats as the SDK chooses' : `a heartbeat each ${heartbeat} s (heartbeatMs: ${heartbeat}000)`}: ${count(requests)} requests a view, ${money(usd)} a month.`,
        0,
      ),
    ),
    ...text(
      `Assumed: viewers who do this in an hour: ${asked.usual}; ${count(settings.handlerMs)} ms billed a request, ${count(settings.answerBytes)} B an answer, ${count(settings.logBytesPerRequest)} B of log a request (without Lambda's own START, END and REPORT), ${count(settings.accessLogBytes)} B of access log, logs packed to 15 %, entries of quarantine one event each${settings.archive === 'off' ? '' : `; ${count(settings.archivedBytes)} B an event in the archive, measured over viewers of one title`}.`,
      0,
    ),
    ...(assumed.length > 0 ? text(`Prices nobody confirmed: ${assumed.join('; ')}.`, 0) : []),
    ...(others.length > 0
      ? text(
          `Prices read where others quote AWS: ${others.join('; ')}. Check them before you rely on them: each one's page is in prices.ts.`,
          0,
        )
      : []),
    ...text(
      `Not in it: ${settings.searchNodes > 0 ? '' : 'OpenSearch (--search-nodes), '}what reads the archive, WAF, a domain, tracing, data between regions, support.`,
      0,
    ),
  ]
}
