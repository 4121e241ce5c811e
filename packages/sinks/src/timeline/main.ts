import {
  createProgram,
  type ExitCode,
  runProgram,
  type Terminal,
  tame,
  UsageError,
} from '@viewbeat/ingest-lambda/cli'
import { readSearchEndpoint } from '../consume/config.ts'
import { drawTimeline } from './drawTimeline.ts'
import { findInSearch } from './findInSearch.ts'
import { isViewId } from './isViewId.ts'
import { readTimeline, type Timeline } from './readTimeline.ts'

/** What the command needs of the world. */
export interface ViewWorld {
  env: NodeJS.ProcessEnv
  fetch: (url: string) => Promise<Response>
  /** Epoch ms. */
  now: () => number
}

interface Options {
  url: string
  search?: string
  json?: boolean
}

const askPipeline = async (
  url: string,
  viewId: string,
  { fetch }: ViewWorld,
): Promise<Timeline | undefined> => {
  if (!URL.canParse(url))
    throw new UsageError(`--url ${url}: expected an address such as http://127.0.0.1:8080`)
  const answer = await fetch(new URL(`api/views/${viewId}`, url.replace(/\/?$/, '/')).href).catch(
    (error: Error & { cause?: Error }) => {
      throw new UsageError(
        `${url} does not answer (${error.cause?.message || error.message}): is npm start running?`,
      )
    },
  )
  if (answer.status === 404) return undefined
  if (!answer.ok) throw new UsageError(`${url} answers ${answer.status}`)
  const timeline = (await answer.json()) as Partial<Timeline>
  if (!timeline.view || !timeline.batches) throw new UsageError(`${url} is no Viewbeat pipeline`)
  return timeline as Timeline
}

const askSearch = async (
  search: string,
  viewId: string,
  { env, now }: ViewWorld,
): Promise<Timeline | undefined> => {
  const { openSearchIndex } = await import('../search/openSearchIndex.ts')
  const index = openSearchIndex(readSearchEndpoint({ ...env, VIEWBEAT_SEARCH: search }))
  try {
    return await readTimeline(findInSearch(index), viewId, now())
  } finally {
    await index.close()
  }
}

const show = async (
  terminal: Terminal,
  viewId: string,
  { url, search, json }: Options,
  world: ViewWorld,
): Promise<ExitCode> => {
  if (!isViewId(viewId))
    throw new UsageError(`${tame(viewId)}: expected the id of a view, 26 letters and digits`)
  const timeline = await (search === undefined
    ? askPipeline(url, viewId, world)
    : askSearch(search, viewId, world))
  if (!timeline) {
    terminal.err(`${viewId}: no such view`)
    return 1
  }
  const lines = json ? [JSON.stringify(timeline, null, 2)] : drawTimeline(terminal, timeline)
  for (const line of lines) terminal.out(line)
  return 0
}

/** Runs the command line `argv` (without node and script) and resolves with its exit code. Never throws for bad input. */
export const main = async (argv: string[], terminal: Terminal, world: ViewWorld): Promise<ExitCode> => {
  let code: ExitCode = 0
  const program = createProgram('viewbeat-view', terminal)
    .description('One view: what happened when, what is missing, and which way it came.')
    .argument('<view_id>', 'the id of the view')
    .option('--url <address>', 'the local pipeline', 'http://127.0.0.1:8080')
    .option('--search <address>', 'OpenSearch, in place of the local pipeline')
    .option('--json', 'answer in JSON')
    .action(async (viewId: string, options: Options) => {
      code = await show(terminal, viewId, options, world)
    })
  return (await runProgram(program, argv, terminal)) || code
}
