import { Command, InvalidArgumentError } from 'commander'
import { readSearchEndpoint } from '../consume/config.ts'
import { createClient } from './createClient.ts'
import { expireViews } from './expireViews.ts'
import { setUp } from './setUp.ts'

const toDays = (text: string) => {
  const days = Number(text)
  if (!(Number.isInteger(days) && days > 0))
    throw new InvalidArgumentError('Expected a whole number of days.')
  return days
}

const toCount = (text: string) => {
  const count = Number(text)
  if (!(Number.isInteger(count) && count >= 0)) throw new InvalidArgumentError('Expected a whole number.')
  return count
}

const withClient = async <T>(work: (client: ReturnType<typeof createClient>) => Promise<T>): Promise<T> => {
  const client = createClient(readSearchEndpoint(process.env))
  try {
    return await work(client)
  } finally {
    await client.close()
  }
}

const program = new Command('viewbeat-search').description(
  'Prepares the OpenSearch at VIEWBEAT_SEARCH (and VIEWBEAT_SEARCH_SERVICE).',
)

program
  .command('setup')
  .description('puts index templates, retention and roles; again after each upgrade')
  .option('--days <days>', 'delete events after so many days', toDays, 30)
  .option('--shards <count>', 'primary shards of each index', toCount)
  .option('--replicas <count>', 'replicas of each index', toCount)
  .option('--refresh-ms <ms>', 'how soon what was written is found (default: a second)', toCount)
  .option('--writer <arn>', 'IAM role of the function that writes (fine-grained access control)')
  .option('--reader <arn>', 'IAM role of the function that reads')
  .action(async ({ days, ...options }) => {
    for (const line of await withClient((client) => setUp(client, { retentionDays: days, ...options })))
      console.log(line)
  })

program
  .command('expire')
  .description('deletes the records of views that are older; schedule it')
  .requiredOption('--days <days>', 'heard of last so many days ago or longer', toDays)
  .action(async ({ days }) => {
    const deleted = await withClient((client) => expireViews(client, days, Date.now()))
    console.log(`${deleted} ${deleted === 1 ? 'view' : 'views'} deleted`)
  })

try {
  await program.parseAsync()
} catch (error) {
  console.error((error as Error).message)
  process.exitCode = 1
}
