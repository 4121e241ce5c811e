/** When the content of the playlists begins on the wall clock, as interstitials want it. */
const BEGIN = Date.parse('2026-01-01T00:00:00Z')

/** What an interstitial's date range says beside its id and its time. */
export type Attributes = Record<string, string>

/** A date range that hls.js takes for an interstitial, so many seconds into the content. */
const dateRange = (at: number, attributes: Attributes) => {
  const all = Object.entries({
    ID: '"break-1"',
    CLASS: '"com.apple.hls.interstitial"',
    'START-DATE': `"${new Date(BEGIN + at * 1000).toISOString()}"`,
    ...attributes,
  })
  return `#EXT-X-DATERANGE:${all.map(([name, value]) => `${name}=${value}`).join(',')}\n`
}

const RENDITIONS: Record<string, string> = {
  muxed: 'RESOLUTION=640x360,CODECS="avc1.4d401e,mp4a.40.2"',
  picture: 'RESOLUTION=320x180,CODECS="avc1.4d4015"',
}

/** A multivariant playlist of one rendition. */
export const masterOf = (kind: string, playlist: string) => `#EXTM3U
#EXT-X-VERSION:7
#EXT-X-STREAM-INF:BANDWIDTH=200000,${RENDITIONS[kind]}
${playlist}
`

/** A media playlist of segments of 2 s from a folder's URL, with an interstitial in it. */
export const playlistOf = (
  segments: string[],
  init: string,
  interstitial?: { at: number; attributes: Attributes },
) => `#EXTM3U
#EXT-X-VERSION:7
#EXT-X-TARGETDURATION:2
#EXT-X-PLAYLIST-TYPE:VOD
#EXT-X-MAP:URI="${init}"
#EXT-X-PROGRAM-DATE-TIME:${new Date(BEGIN).toISOString()}
${interstitial ? dateRange(interstitial.at, interstitial.attributes) : ''}${segments
  .map((segment) => `#EXTINF:2.000000,\n${segment}\n`)
  .join('')}#EXT-X-ENDLIST
`

/** A media playlist in which a server has put an ad of a smaller size in the place of the third segment. */
export const stitchedPlaylist = () => `#EXTM3U
#EXT-X-VERSION:7
#EXT-X-TARGETDURATION:2
#EXT-X-PLAYLIST-TYPE:VOD
${['00', '01', '02', '03', '04']
  .map((name) => {
    const folder = name === '02' ? '/truth/low' : '/truth/high'
    const cut = name === '02' || name === '03' ? '#EXT-X-DISCONTINUITY\n' : ''
    return `${cut}#EXT-X-MAP:URI="${folder}/init.mp4"\n#EXTINF:2.000000,\n${folder}/${name}.m4s\n`
  })
  .join('')}#EXT-X-ENDLIST
`
