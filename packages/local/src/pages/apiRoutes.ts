import { readTimeline, type Store } from '@viewbeat/sinks'
import { Hono } from 'hono'

const MAX_VIEWS = 1000

/** What people ask of the store: the newest views, and one view with its events, its gaps and the way of its batches. */
export const apiRoutes = (store: Pick<Store, 'listViews' | 'readView'>) =>
  new Hono()
    .get('/views', async (context) => {
      const limit = Number(context.req.query('limit') ?? 20)
      if (!Number.isInteger(limit) || limit < 1 || limit > MAX_VIEWS)
        return context.json({ message: `limit: expected a whole number from 1 to ${MAX_VIEWS}` }, 400)
      return context.json({ views: await store.listViews(limit) })
    })
    .get('/views/:view_id', async (context) => {
      const found = await readTimeline(store.readView, context.req.param('view_id'), Date.now())
      return found ? context.json(found) : context.json({ message: 'No such view' }, 404)
    })
