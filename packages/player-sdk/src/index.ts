export type { CapturedEvent, Consent, OutgoingBatch, Tracker, TrackOptions } from './options.ts'
export { trackVideo } from './trackVideo.ts'
