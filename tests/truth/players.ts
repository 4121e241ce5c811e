/** The engines, each with what it plays: `page` is the engine's page, `source` an address beside it. */
export const PLAYERS = {
  html5: { page: 'element', source: 'sample.mp4' },
  'html5-hls': { page: 'element', source: 'master.m3u8' },
  custom: { page: 'custom', source: 'master.m3u8' },
  hls: { page: 'hls', source: 'master.m3u8' },
  dash: { page: 'dash', source: 'manifest.mpd' },
  shaka: { page: 'shaka', source: 'manifest.mpd' },
  'shaka-hls': { page: 'shaka', source: 'master.m3u8' },
  videojs: { page: 'videojs', source: 'master.m3u8' },
  'videojs-dash': { page: 'videojs', source: 'manifest.mpd' },
} as const

/** An engine and what it plays. */
export type PlayerName = keyof typeof PLAYERS
