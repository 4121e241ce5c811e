import { newestSegment, STREAM, STREAM_MS, type TrackName } from './stream.ts'

/** A stream that is being made: when it began and what time it is, epoch ms. */
export interface Live {
  since: number
  now: number
}

const { tracks, segment_ms, segments, window } = STREAM

/** Where a segment begins, ms. A frame of AAC lasts 1024 samples, so those of the tone do not fall on whole seconds. */
const startOf = (track: TrackName, segment: number) =>
  track === 'audio' ? (Math.ceil((segment * segment_ms * 48) / 1024) * 1024) / 48 : segment * segment_ms

/** The segments to be listed: all, or those of a window that slides. */
const listed = (live?: Live) => {
  if (!live) return { first: 0, count: segments }
  const newest = newestSegment(live.now - live.since)
  const first = Math.max(0, newest - window + 1)
  return { first, count: newest - first + 1 }
}

const hlsRendition = (name: 'low' | 'high') => {
  const { bandwidth, width, height, codecs } = tracks[name]
  const total = bandwidth + tracks.audio.bandwidth
  return `#EXT-X-STREAM-INF:BANDWIDTH=${total},AVERAGE-BANDWIDTH=${total - 10_000},RESOLUTION=${width}x${height},FRAME-RATE=25.000,CODECS="${codecs},${tracks.audio.codecs}",AUDIO="tone"
${name}.m3u8`
}

/** The multivariant playlist of HLS: sound apart from the picture. */
export const hlsMaster = () => `#EXTM3U
#EXT-X-VERSION:7
#EXT-X-INDEPENDENT-SEGMENTS
#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="tone",NAME="Tone",LANGUAGE="en",DEFAULT=YES,AUTOSELECT=YES,CHANNELS="1",URI="audio.m3u8"
${hlsRendition('low')}
${hlsRendition('high')}
`

/** The media playlist of one track. */
export const hlsPlaylist = (track: TrackName, live?: Live) => {
  const { first, count } = listed(live)
  const each = Array.from({ length: count }, (_, index) => {
    const segment = first + index
    const seconds = (startOf(track, segment + 1) - startOf(track, segment)) / 1000
    return `#EXTINF:${seconds.toFixed(6)},\n${track}/${segment}.m4s\n`
  })
  const date = live && new Date(live.since + startOf(track, first)).toISOString()
  return `#EXTM3U
#EXT-X-VERSION:7
#EXT-X-TARGETDURATION:2
#EXT-X-MEDIA-SEQUENCE:${first}
${live ? '' : '#EXT-X-PLAYLIST-TYPE:VOD\n'}#EXT-X-INDEPENDENT-SEGMENTS
#EXT-X-MAP:URI="${track}/init.mp4"
${date ? `#EXT-X-PROGRAM-DATE-TIME:${date}\n` : ''}${each.join('')}${live ? '' : '#EXT-X-ENDLIST\n'}`
}

const dashRendition = (name: TrackName) => {
  const { kind, bandwidth, codecs } = tracks[name]
  const shape =
    kind === 'video'
      ? `width="${tracks[name as 'low'].width}" height="${tracks[name as 'low'].height}" frameRate="25"`
      : 'audioSamplingRate="48000"'
  return `<Representation id="${name}" codecs="${codecs}" bandwidth="${bandwidth}" ${shape}/>`
}

const dashSet = (kind: 'video' | 'audio', names: TrackName[]) => `
    <AdaptationSet contentType="${kind}" mimeType="${kind}/mp4" lang="en" segmentAlignment="true" startWithSAP="1">
      <SegmentTemplate timescale="1000" duration="${segment_ms}" startNumber="0" initialization="$RepresentationID$/init.mp4" media="$RepresentationID$/$Number$.m4s"/>
      ${names.map(dashRendition).join('\n      ')}
    </AdaptationSet>`

/** The manifest of DASH, of the same segments. A live one takes its clock from `now` beside it. */
export const dashManifest = (live?: Live) => {
  const kind = live
    ? `type="dynamic" availabilityStartTime="${new Date(live.since).toISOString()}" publishTime="${new Date(live.since).toISOString()}" minimumUpdatePeriod="PT10S" timeShiftBufferDepth="PT${(window * segment_ms) / 1000}S" suggestedPresentationDelay="PT6S"`
    : `type="static" mediaPresentationDuration="PT${STREAM_MS / 1000}S"`
  return `<?xml version="1.0" encoding="utf-8"?>
<MPD xmlns="urn:mpeg:dash:schema:mpd:2011" profiles="urn:mpeg:dash:profile:isoff-live:2011" minBufferTime="PT2S" ${kind}>
  <Period id="0" start="PT0S">${dashSet('video', ['low', 'high'])}${dashSet('audio', ['audio'])}
  </Period>${live ? '\n  <UTCTiming schemeIdUri="urn:mpeg:dash:utc:http-iso:2014" value="now"/>' : ''}
</MPD>
`
}
