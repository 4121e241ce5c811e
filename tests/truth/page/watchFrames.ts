import type { Call, FrameSeen } from '../witness.ts'

/** Notes each frame that a video shows, and what else moves its picture, without the SDK having any part in it. */
export const watchFrames = (element: HTMLVideoElement & { nativeEl?: HTMLVideoElement }) => {
  // A custom element keeps the one that shows the frames inside.
  const video = element.nativeEl ?? element
  const frames: FrameSeen[] = []
  const calls: Call[] = []
  // What the page does to the method later is not done to the witness.
  const request = video.requestVideoFrameCallback.bind(video)
  const see: VideoFrameRequestCallback = (now, about) => {
    const { expectedDisplayTime, presentationTime, mediaTime, presentedFrames, width, height } = about
    frames.push({ now, expectedDisplayTime, presentationTime, mediaTime, presentedFrames, width, height })
    request(see)
  }
  request(see)
  video.addEventListener('ended', () => calls.push({ name: 'ended', at: performance.now() }))
  return { frames, calls }
}
