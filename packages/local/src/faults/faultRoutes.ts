import { Hono } from 'hono'
import { type Faults, faultRequest } from './createFaults.ts'

/** Faults on purpose: read what is wrong just now, or ask for something to be. */
export const faultRoutes = (faults: Faults) =>
  new Hono()
    .get('/', (context) => context.json(faults.read()))
    .post('/', async (context) => {
      const asked = faultRequest.safeParse(await context.req.json().catch(() => undefined))
      if (!asked.success) {
        const [issue] = asked.error.issues
        return context.json({ message: `${issue?.path.join('.')}: ${issue?.message}` }, 400)
      }
      faults.ask(asked.data)
      return context.json(faults.read())
    })
