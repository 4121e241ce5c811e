/** Where the last range of the buffer that begins before the playhead ends, s: behind it when media have run out. */
export const bufferedTo = ({ buffered, currentTime }: HTMLMediaElement) => {
  let end: number | undefined
  for (let i = 0; i < buffered.length; i++) if (buffered.start(i) <= currentTime + 0.1) end = buffered.end(i)
  return end
}

/** ms of media buffered ahead of the playhead. */
export const bufferAhead = (video: HTMLMediaElement) =>
  Math.round(Math.max(0, (bufferedTo(video) || 0) - video.currentTime) * 1000)
