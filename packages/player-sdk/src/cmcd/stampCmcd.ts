import { attempt } from '../safely.ts'

/** The longest `cid` that CTA-5004 allows, characters. */
const MAX_CID = 64

/** A content id as a `cid`, if it can be one. */
export const toCid = (contentId: string | undefined) =>
  contentId && contentId.length <= MAX_CID ? contentId : undefined

/** What stands between commas, but for commas in quotes. */
const KEYS = /(?:[^,"]|"(?:[^"\\]|\\.)*")+/g

/** A URL with this view and content as `sid` and `cid` of the CMCD that it carries; one without CMCD stays as it is. */
export const stampCmcd = (url: string, viewId: string, contentId?: string): string =>
  attempt(
    () =>
      url.replace(/^([^#]*[?&]CMCD=)([^&#]*)/, (_, name: string, value: string) => {
        const keys = decodeURIComponent(value.replace(/\+/g, '%20')).match(KEYS) || []
        const others = keys.filter((key) => !/^[cs]id=/.test(key))
        const cid = toCid(contentId)
        if (cid) others.push(`cid=${JSON.stringify(cid)}`)
        others.push(`sid=${JSON.stringify(viewId)}`)
        // In the order of the alphabet, as the standard asks, so that the order tells nothing of the player.
        return name + encodeURIComponent(others.sort().join(','))
      }),
    url,
  )
