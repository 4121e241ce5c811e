import { stampCmcd, toCid } from './stampCmcd.ts'
import type { TellView } from './view.ts'

/** The names of CMCD in the configuration of hls.js that are written. */
interface Cmcd {
  sessionId?: string
  contentId?: string
  useHeaders?: boolean
}
interface Config {
  cmcd?: Cmcd | undefined
  // biome-ignore lint/suspicious/noExplicitAny: of hls.js, which hands over more with each version
  xhrSetup?: ((xhr: XMLHttpRequest, url: string, ...rest: any[]) => void | Promise<void>) | undefined
  // biome-ignore lint/suspicious/noExplicitAny: as above
  fetchSetup?: ((context: any, init: any) => Request | Promise<Request>) | undefined
}

/** What is used of an `Hls` of hls.js 1.6 or newer. */
export interface HlsWithCmcd {
  readonly config: Config
  on(event: never, listener: never): void
  off(event: never, listener: never): void
}

const ASSET_PLAYER_CREATED = 'hlsInterstitialAssetPlayerCreated'

/**
 * Makes the CMCD of an hls.js instance name the view as `sid` and the content as `cid`, in query arguments. hls.js takes
 * CMCD up only when it is made with some, however little: `new Hls({ cmcd: {} })`, then
 * `trackVideo(video, { …, onView: hlsCmcd(hls) })`.
 */
export const hlsCmcd = (hls: HlsWithCmcd): TellView => {
  const { config } = hls
  let own: Config | undefined
  let viewId = ''
  let contentId: string | undefined

  const named = (cmcd: Cmcd | undefined, cid?: string) => {
    if (!cmcd) return
    const next: Cmcd = Object.assign({}, cmcd, { sessionId: viewId, useHeaders: false })
    delete next.contentId
    return cid ? Object.assign(next, { contentId: cid }) : next
  }
  // hls.js reads its configuration once for each source; a view may begin in the middle of one, or just after it was given.
  const xhrSetup: Config['xhrSetup'] = function (this: unknown, xhr, url, ...rest) {
    const stamped = stampCmcd(url, viewId, contentId)
    if (stamped !== url) xhr.open('GET', stamped, true)
    return own?.xhrSetup?.call(this, xhr, stamped, ...rest)
  }
  const fetchSetup: Config['fetchSetup'] = (context, init) => {
    const url = stampCmcd(context.url, viewId, contentId)
    const stamped = Object.assign({}, context, { url })
    return own?.fetchSetup ? own.fetchSetup(stamped, init) : new Request(url, init)
  }
  /** An interstitial's asset is played by an instance of its own, in the same view; what its content is hls.js says. */
  const nameAsset = (_: string, { player }: { player: { hls: { config: Config } | null } }) => {
    const of = player.hls?.config
    if (of) of.cmcd = named(of.cmcd, of.cmcd?.contentId)
  }

  return (view, content) => {
    if (!view) {
      if (!own) return
      hls.off(ASSET_PLAYER_CREATED as never, nameAsset as never)
      Object.assign(config, own)
      own = undefined
      return
    }
    viewId = view
    contentId = content
    if (!own) {
      own = { cmcd: config.cmcd, xhrSetup: config.xhrSetup, fetchSetup: config.fetchSetup }
      Object.assign(config, { xhrSetup, fetchSetup })
      hls.on(ASSET_PLAYER_CREATED as never, nameAsset as never)
    }
    // Another object: the one that the page gave may be shared by players.
    config.cmcd = named(own.cmcd, toCid(content))
  }
}
