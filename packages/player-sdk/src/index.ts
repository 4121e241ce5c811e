export type { CapturedEvent, Tracker, TrackOptions } from './options.ts'
export { trackVideo } from './trackVideo.ts'
