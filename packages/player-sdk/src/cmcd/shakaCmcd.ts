import { stampCmcd, toCid } from './stampCmcd.ts'
import type { TellView } from './view.ts'

interface Request {
  uris: string[]
  headers: Record<string, string>
}

/** What is used of a `Player` of Shaka 5. */
export interface ShakaWithCmcd {
  getConfiguration(): { cmcd: object }
  configure(config: never): boolean
  getNetworkingEngine(): {
    registerRequestFilter(filter: never): void
    unregisterRequestFilter(filter: never): void
  } | null
}

/** Shaka's names of what is written. */
interface Cmcd {
  enabled: boolean
  useHeaders: boolean
  sessionId: string
  contentId: string
}

/** What CMCD a request has in its headers; it has none there afterwards. */
const takeHeaders = (headers: Record<string, string>) => {
  const names = Object.keys(headers).filter((name) => /^cmcd-/i.test(name))
  const values = names.map((name) => headers[name])
  for (const name of names) delete headers[name]
  return values.join(',')
}

const withCmcd = (uri: string, cmcd: string) =>
  uri.replace(
    /(\?[^#]*)?(#|$)/,
    (_, query = '', rest) => `${query}${query ? '&' : '?'}CMCD=${encodeURIComponent(cmcd)}${rest}`,
  )

/**
 * Makes the CMCD of a Shaka player name the view as `sid` and the content as `cid`, in query arguments:
 * `trackVideo(video, { …, onView: shakaCmcd(player) })`.
 */
export const shakaCmcd = (player: ShakaWithCmcd): TellView => {
  let own: Cmcd | undefined
  let viewId = ''
  let contentId: string | undefined

  // Shaka reads its configuration once for each source; a view may begin in the middle of one, or just after it was given.
  const filter = (_type: unknown, request: Request) => {
    // A page's wish for headers outlives the change of the configuration.
    const cmcd = takeHeaders(request.headers)
    const uris = cmcd ? request.uris.map((uri) => withCmcd(uri, cmcd)) : request.uris
    request.uris = uris.map((uri) => stampCmcd(uri, viewId, contentId))
  }

  const configure = (cmcd: Cmcd) => player.configure({ cmcd } as never)

  return (view, content) => {
    if (!view) {
      if (!own) return
      player.getNetworkingEngine()?.unregisterRequestFilter(filter as never)
      configure(own)
      own = undefined
      return
    }
    viewId = view
    contentId = content
    if (!own) {
      const { enabled, useHeaders, sessionId, contentId } = player.getConfiguration().cmcd as Cmcd
      own = { enabled, useHeaders, sessionId, contentId }
    }
    configure({ enabled: true, useHeaders: false, sessionId: view, contentId: toCid(content) || '' })
    player.getNetworkingEngine()?.registerRequestFilter(filter as never)
  }
}
