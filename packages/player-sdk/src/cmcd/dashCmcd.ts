import { stampCmcd, toCid } from './stampCmcd.ts'
import type { TellView } from './view.ts'

/** What is used of a `MediaPlayer` of dash.js 5. */
export interface DashWithCmcd {
  getSettings(): { streaming?: { cmcd?: object } }
  updateSettings(settings: { streaming: { cmcd: object } }): void
  addRequestInterceptor(interceptor: never): void
  removeRequestInterceptor(interceptor: never): void
}

/** dash.js' names of what is written. */
interface Cmcd {
  enabled: boolean
  mode: string
  sid: string | null
  cid: string | null
  applyParametersFromMpd: boolean
}

/**
 * Makes the CMCD of a dash.js player name the view as `sid` and the content as `cid`, in query arguments, whatever the
 * manifest asks for: `trackVideo(video, { …, onView: dashCmcd(player) })`.
 */
export const dashCmcd = (player: DashWithCmcd): TellView => {
  let own: Cmcd | undefined
  let viewId = ''
  let contentId: string | undefined

  // dash.js reads its settings once for each source; a view may begin in the middle of one, or just after it was given.
  const interceptor = async <R extends { url: string }>(request: R): Promise<R> =>
    Object.assign({}, request, { url: stampCmcd(request.url, viewId, contentId) })
  const configure = (cmcd: Cmcd) => player.updateSettings({ streaming: { cmcd } })

  return (view, content) => {
    player.removeRequestInterceptor(interceptor as never)
    if (!view) {
      if (own) configure(own)
      own = undefined
      return
    }
    viewId = view
    contentId = content
    if (!own) {
      const { enabled, mode, sid, cid, applyParametersFromMpd } = (player.getSettings().streaming?.cmcd ||
        {}) as Cmcd
      own = { enabled, mode, sid, cid, applyParametersFromMpd }
    }
    configure({
      enabled: true,
      mode: 'query',
      sid: view,
      cid: toCid(content) || null,
      applyParametersFromMpd: false,
    })
    // Anew with each view, because a reset of the player forgets it.
    player.addRequestInterceptor(interceptor as never)
  }
}
