import { Command, InvalidArgumentError } from 'commander'
import type { Output } from '../terminal/output.ts'
import { checkStored } from './checkStored.ts'
import { createPoster } from './createPoster.ts'
import { isLocalPipeline } from './isLocalPipeline.ts'
import { printProgress } from './printProgress.ts'
import { printReport } from './printReport.ts'
import { runLoad } from './runLoad.ts'
import { summarize } from './summarize.ts'
import { whyUnreachable } from './whyUnreachable.ts'

const number =
  (least: number, most = Number.POSITIVE_INFINITY, isWhole = true) =>
  (text: string) => {
    const value = text.trim() === '' ? Number.NaN : Number(text)
    if (!(value >= least && value <= most) || (isWhole && !Number.isInteger(value)))
      throw new InvalidArgumentError(
        `Expected a ${isWhole ? 'whole ' : ''}number from ${least}${most < 1e15 ? ` to ${most}` : ''}.`,
      )
    return value
  }

const speed = (text: string) => number(1, 1000, false)(text.replace(/x$/i, ''))

const target = (text: string) => {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (!url || !/^https?:$/.test(url.protocol))
    throw new InvalidArgumentError('Expected an http or https URL.')
  return url
}

interface Options {
  views: number
  speed: number
  minutes: number
  spread?: number
  target: URL
  key: string
  origin: string
  concurrency: number
  drain: number
  patience: number
  seed: number
  json?: true
}

const parser = ({ out, err }: Output) =>
  new Command('load')
    .description(
      "Lets viewers watch through the SDK's own batching and transport, and holds the ingest to account for each event.",
    )
    .configureOutput({
      writeOut: (text) => out(text.trimEnd()),
      writeErr: (text) => err(text.trimEnd()),
    })
    .exitOverride()
    .option(
      '--target <url>',
      'the ingest; without a path: its /v1/events',
      target,
      new URL('http://127.0.0.1:8080'),
    )
    .option('--key <key>', 'write key', 'pk_demo')
    .option(
      '--views <number>',
      'views: short ones, long ones, with stalls, seeks and errors',
      number(1),
      1000,
    )
    .option('--speed <factor>', "how many times as fast viewers' time passes, such as 10x", speed, 10)
    .option('--minutes <minutes>', 'how long those watch who watch, on average', number(0.1, 600, false), 5)
    .option(
      '--spread <minutes>',
      "over how many minutes of viewers' time views begin (default: as many as --minutes)",
      number(0, 100_000, false),
    )
    .option('--concurrency <number>', 'connections', number(1, 10_000), 64)
    .option('--drain <seconds>', 'how long what waits at the end may take', number(0, 86_400), 60)
    .option(
      '--patience <seconds>',
      'how long the store of the local pipeline may go without storing more, until it is asked no more',
      number(0, 86_400),
      15,
    )
    .option('--origin <origin>', 'origin of the pages', 'https://www.publisher.example')
    .option('--seed <number>', 'the same seed, the same viewers', number(0), 1)
    .option('--json', 'answer in JSON')
    .addHelpText(
      'after',
      [
        '',
        'Retries and Retry-After keep real time, whatever the speed. Ctrl-C ends the views under way, delivers',
        'what waits and reports; a second one ends at once. Exit code 1: the account does not add up.',
      ].join('\n'),
    )

/** How often progress is told where nobody looks on, s. */
const TELL_EVERY_S = 10

/** Runs the command line; answers its exit code: 0, 1 when the account does not add up, 2 when it cannot begin. */
export const main = async (argv: string[], output: Output, signal?: AbortSignal): Promise<0 | 1 | 2> => {
  const program = parser(output)
  try {
    program.parse(argv, { from: 'user' })
  } catch (error) {
    return (error as { exitCode?: number }).exitCode === 0 ? 0 : 2
  }
  const options = program.opts<Options>()
  const { views, minutes, seed, origin } = options
  const endpoint = new URL(options.target.pathname === '/' ? '/v1/events' : options.target, options.target)
  endpoint.searchParams.set('key', options.key)
  const why = await whyUnreachable(options.target)
  if (why !== undefined) {
    output.err(`--target: nothing answers at ${options.target.origin} (${why})`)
    return 2
  }
  const isLocal = await isLocalPipeline(options.target)
  output.err(
    `${views.toLocaleString('en')} views of about ${minutes} min, ${options.speed} times as fast, to ${endpoint.origin}${endpoint.pathname}`,
  )

  const poster = createPoster(endpoint.href, options.concurrency)
  let told = 0
  try {
    const report = await runLoad(
      {
        views,
        minutes,
        seed,
        origin,
        speed: options.speed,
        spreadMinutes: options.spread ?? minutes,
        drainMs: options.drain * 1000,
      },
      {
        poster,
        ...(signal && { signal }),
        onProgress(progress) {
          if (output.interactive) output.status(printProgress(progress, views))
          else if (progress.seconds - told >= TELL_EVERY_S) {
            told = progress.seconds
            output.err(printProgress(progress, views))
          }
        },
      },
    )
    const summary = summarize(report)
    if (isLocal) output.status('Asking the store …')
    const stored = isLocal
      ? await checkStored(options.target, report.views, options.patience * 1000)
      : undefined
    output.status('')
    if (options.json) {
      const { views: _, ...figures } = report
      output.out(JSON.stringify({ ...figures, ...summary, stored }, null, 2))
    } else for (const line of printReport(report, summary, stored)) output.out(line)
    return summary.holds && !stored?.differing.length ? 0 : 1
  } finally {
    poster.close()
  }
}
