// @vitest-environment happy-dom
import { trackVideo } from '@viewbeat/player-sdk'
import { expectEvent, memoryTransport } from '@viewbeat/player-sdk/testing'
import { expect, it } from 'vitest'

it('tells of the chapters of an episode', async () => {
  const transport = memoryTransport()
  const video = document.createElement('video')
  const tracker = trackVideo(video, {
    endpoint: '/v1/events',
    key: 'pk_demo',
    content: { id: 'ep-101' },
    transport,
  })
  video.dispatchEvent(new Event('play'))
  tracker.track('chapter', { n: 2 })
  await tracker.flush()

  expectEvent(transport, 'play_request', { resume: false })
  expectEvent(transport, 'custom', { name: 'chapter', value: { n: 2 } })
  expect(() => expectEvent(transport, 'error')).toThrow('No error with {} was sent')
})
