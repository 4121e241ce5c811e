import type { Client } from '@opensearch-project/opensearch'
import { VIEW_INDEX } from './eventIndexOf.ts'

const DAY_MS = 86_400_000

/** Deletes the records of views that were heard of last so many days ago or longer; answers how many. `now`: epoch ms. */
export const expireViews = async (client: Client, days: number, now: number): Promise<number> => {
  const { body } = await client.transport.request(
    {
      method: 'POST',
      path: `/${VIEW_INDEX}/_delete_by_query`,
      // A view that is written meanwhile is not old: passed over.
      querystring: { conflicts: 'proceed', ignore_unavailable: true },
      body: { query: { range: { received_at: { lte: now - days * DAY_MS } } } },
    },
    { requestTimeout: 3_600_000 },
  )
  return (body as { deleted: number }).deleted
}
