import type { HttpBindings } from '@hono/node-server'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import { Hono } from 'hono'
import type { Gateway } from './createGateway.ts'

/** `/v1/*` behind a gateway. */
export const gatewayRoutes = (gateway: Gateway) =>
  new Hono<{ Bindings: HttpBindings }>().all('/*', async ({ env: { incoming, outgoing } }) => {
    await gateway(incoming, outgoing)
    return RESPONSE_ALREADY_SENT
  })
