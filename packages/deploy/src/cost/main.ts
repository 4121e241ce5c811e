import { Command, InvalidArgumentError, Option } from 'commander'
import { bill } from './bill.ts'
import measured from './measured.json' with { type: 'json' }
import { PRICES } from './prices.ts'
import { printBill } from './printBill.ts'
import { DEFAULTS, type Settings, SHAPES, type Shape } from './settings.ts'
import { viewOf } from './viewOf.ts'
import { withGiven } from './withGiven.ts'

/** Where the command line writes. */
export interface Output {
  out: (line: string) => void
  err: (line: string) => void
  columns: number
}

const number = (least: number, most: number, isWhole: boolean) => (text: string) => {
  const value = text.trim() === '' ? Number.NaN : Number(text)
  const kind = isWhole ? 'a whole number' : 'a number'
  const range = most === Number.POSITIVE_INFINITY ? `from ${least}` : `from ${least} to ${most}`
  if (!(value >= least && value <= most) || !Number.isFinite(value) || (isWhole && !Number.isInteger(value)))
    throw new InvalidArgumentError(`Expected ${kind} ${range}.`)
  return value
}
const ANY = Number.POSITIVE_INFINITY
const amount = (least = 0, most = ANY) => number(least, most, false)
const whole = (least = 0, most = ANY) => number(least, most, true)

type Heartbeat = keyof typeof measured.heartbeats

interface Options extends Settings {
  viewsPerDay: number
  minutesPerView: number
  shape: Shape
  heartbeat: Heartbeat
  eventsPerView?: number
  eventsPerRequest?: number
  recordBytes?: number
  json?: true
}

const parser = ({ out, err }: Output) =>
  new Command('cost')
    .description('What the ingest and the sinks cost a month in us-east-1, before anything is deployed.')
    .configureOutput({
      writeOut: (text) => out(text.trimEnd()),
      writeErr: (text) => err(text.trimEnd()),
    })
    .exitOverride()
    .optionsGroup('What there is to measure:')
    .option('--views-per-day <number>', 'views a day', amount(1), 2.5e6)
    .option('--minutes-per-view <minutes>', 'how long a view is, on average', amount(0, 1440), 20)
    .addOption(
      new Option(
        '--heartbeat <seconds>',
        "the SDK's heartbeatMs, in seconds; default: 10 in the first minute, 30 after",
      )
        .choices(Object.keys(measured.heartbeats))
        .default('default'),
    )
    .optionsGroup('What is deployed:')
    .addOption(
      new Option('--shape <shape>', 'what is printed in full')
        .choices(Object.keys(SHAPES))
        .default('http-api'),
    )
    .addOption(
      new Option('--capacity <mode>', 'how the stream is billed')
        .choices(['provisioned', 'on-demand'])
        .default(DEFAULTS.capacity),
    )
    .option('--shards <number>', 'shards, instead of as many as the peak needs', whole(1))
    .option('--peak <factor>', 'how much the busiest hour is above the average', amount(1), DEFAULTS.peak)
    .option('--readers <number>', 'readers of the stream beside the sinks', whole(0, 20), DEFAULTS.readers)
    .option(
      '--retention-days <days>',
      'how long the stream keeps records',
      whole(1, 7),
      DEFAULTS.retentionDays,
    )
    .option('--memory-mb <MB>', 'memory of the function', whole(128, 10_240), DEFAULTS.memoryMb)
    .option('--handler-ms <ms>', 'billed time of a request', amount(1), DEFAULTS.handlerMs)
    .addOption(
      new Option('--archive <by>', 'what writes the archive')
        .choices(['lambda', 'firehose', 'off'])
        .default(DEFAULTS.archive),
    )
    .option(
      '--archive-window-s <s>',
      'how long records are collected into an object',
      whole(0, 300),
      DEFAULTS.archiveWindowS,
    )
    .option('--archive-months <months>', 'months that are in the archive', amount(0), DEFAULTS.archiveMonths)
    .option('--search-nodes <number>', 'nodes of OpenSearch; 0: none', whole(0, 1000), DEFAULTS.searchNodes)
    .option('--search-node-usd <usd>', 'an hour of one, where it is no t3.medium.search', amount())
    .option('--search-volume-gb <GB>', 'disk of each', amount(), DEFAULTS.searchVolumeGb)
    .option('--sink-memory-mb <MB>', 'memory of each sink', whole(128, 10_240), DEFAULTS.sinkMemoryMb)
    .option('--quarantine-days <days>', 'how long quarantine is kept', whole(1), DEFAULTS.quarantineDays)
    .option('--publishers <number>', 'publishers with keys', whole(0), DEFAULTS.publishers)
    .option('--alarms <number>', 'alarms', whole(0), DEFAULTS.alarms)
    .option('--log-days <days>', 'how long logs are kept', whole(1), DEFAULTS.logDays)
    .optionsGroup('What is better known than measured or assumed:')
    .option('--events-per-view <number>', 'instead of what the SDK was measured to send', amount(1))
    .option('--events-per-request <number>', 'instead of what the SDK was measured to send', amount(1))
    .option('--record-bytes <bytes>', 'size of a record on the stream', amount(1))
    .option(
      '--quarantine-share <share>',
      'share of events that are rejected',
      amount(0, 1),
      DEFAULTS.quarantineShare,
    )
    .option(
      '--spill-share <share>',
      'share of requests that the stream does not take at once',
      amount(0, 1),
      DEFAULTS.spillShare,
    )
    .option('--archived-bytes <bytes>', 'an event in the archive, gzipped', amount(1), DEFAULTS.archivedBytes)
    .option('--flat-bytes <bytes>', 'the same before it is gzipped', amount(1), DEFAULTS.flatBytes)
    .option('--archive-ms <ms>', 'what the archive waits for S3, each time', amount(0), DEFAULTS.archiveMs)
    .option('--search-ms <ms>', 'what search waits for OpenSearch, each time', amount(0), DEFAULTS.searchMs)
    .option('--sink-event-ms <ms>', 'billed time of an event in a sink', amount(0), DEFAULTS.sinkEventMs)
    .option(
      '--log-bytes-per-request <bytes>',
      "log of a request; add 340 where Lambda's own START, END and REPORT are not left out",
      amount(0),
      DEFAULTS.logBytesPerRequest,
    )
    .option(
      '--access-log-bytes <bytes>',
      "the gateway's access log of a request",
      amount(0),
      DEFAULTS.accessLogBytes,
    )
    .option('--answer-bytes <bytes>', 'an answer, its headers included', amount(0), DEFAULTS.answerBytes)
    .optionsGroup('Answer:')
    .option('--json', 'answer in JSON')
    .addHelpText(
      'after',
      '\nPrices are list prices of us-east-1 and nothing else: other regions differ, and no other is built in.',
    )

/** Runs the command line; answers its exit code: 0, or 2 when it was asked wrongly. */
export const main = (argv: string[], output: Output): 0 | 2 => {
  const program = parser(output)
  try {
    program.parse(argv, { from: 'user' })
  } catch (error) {
    return (error as { exitCode?: number }).exitCode === 0 ? 0 : 2
  }
  const options = program.opts<Options>()
  const {
    viewsPerDay,
    minutesPerView,
    shape,
    heartbeat,
    eventsPerView,
    eventsPerRequest,
    recordBytes,
    json,
  } = options
  const given = { eventsPerView, eventsPerRequest, recordBytes }
  const viewBy = (heartbeat: Heartbeat) =>
    withGiven(viewOf(measured.heartbeats[heartbeat], minutesPerView), given)
  const view = viewBy(heartbeat)
  const isGiven = Object.values(given).some((value) => value !== undefined)
  const { date, views, minutes, sdk } = measured
  const origin = `(${isGiven ? 'As given; the rest measured' : 'Measured'} on ${date}: ${views} views of ${minutes} min by ${sdk.name} ${sdk.version}.)`
  const usual = Object.entries(measured.incidents_per_hour)
    .map(([what, times]) => `${what} ${times}`)
    .join(', ')
  const bills = (Object.keys(SHAPES) as Shape[]).map((one) => bill(one, view, viewsPerDay, options))
  const chosen = bills.find((one) => one.shape === shape)!
  // What was given says nothing of another heartbeat.
  const others = isGiven
    ? []
    : (Object.keys(measured.heartbeats) as Heartbeat[])
        .filter((other) => other !== heartbeat)
        .map((other) => {
          const view = viewBy(other)
          return {
            heartbeat: other,
            requests: view.requests,
            usd: bill(shape, view, viewsPerDay, options).usd,
          }
        })
  if (json)
    output.out(
      JSON.stringify(
        { region: 'us-east-1', currency: 'USD', options, view, bills, others, prices: PRICES },
        null,
        2,
      ),
    )
  else {
    const asked = { viewsPerDay, minutesPerView, view, origin, usual, others, settings: options }
    for (const line of printBill(chosen, bills, asked, Math.max(80, Math.min(output.columns, 110))))
      output.out(line)
  }
  return 0
}
