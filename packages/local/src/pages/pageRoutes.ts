import { serveStatic } from '@hono/node-server/serve-static'
import { Hono } from 'hono'

/** The page at `/`, the SDK as a publisher would load it, and the examples. */
export const pageRoutes = (folders: { dashboard: string; sdk: string; examples: string }) =>
  new Hono()
    .get('/viewbeat.iife.js', serveStatic({ root: folders.sdk }))
    .get(
      '/examples/*',
      serveStatic({ root: folders.examples, rewriteRequestPath: (path) => path.replace(/^\/examples/, '') }),
    )
    .get('/*', serveStatic({ root: folders.dashboard }))
