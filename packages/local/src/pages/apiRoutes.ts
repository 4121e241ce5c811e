import type { Store } from '@viewbeat/sinks'
import { Hono } from 'hono'
import { type Faults, faultRequest } from '../faults/createFaults.ts'

const MAX_VIEWS = 1000

/** What the page asks: views, one view with its events, and faults on purpose. */
export const apiRoutes = (store: Pick<Store, 'listViews' | 'readView'>, faults: Faults) =>
  new Hono()
    .get('/views', async (context) => {
      const limit = Number(context.req.query('limit') ?? 20)
      if (!Number.isInteger(limit) || limit < 1 || limit > MAX_VIEWS)
        return context.json({ message: `limit: expected a whole number from 1 to ${MAX_VIEWS}` }, 400)
      return context.json({ views: await store.listViews(limit) })
    })
    .get('/views/:view_id', async (context) => {
      const found = await store.readView(context.req.param('view_id'))
      return found ? context.json(found) : context.json({ message: 'No such view' }, 404)
    })
    .get('/faults', (context) => context.json(faults.read()))
    .post('/faults', async (context) => {
      const asked = faultRequest.safeParse(await context.req.json().catch(() => undefined))
      if (!asked.success) {
        const issue = asked.error.issues[0]
        return context.json({ message: `${issue?.path.join('.') ?? ''}: ${issue?.message}` }, 400)
      }
      faults.ask(asked.data)
      return context.json(faults.read())
    })
