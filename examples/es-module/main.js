import { trackVideo } from '@viewbeat/player-sdk'

const tracker = trackVideo(document.querySelector('video'), {
  endpoint: '/v1/events',
  key: 'pk_demo',
  content: { id: 'ep-103' },
  // Nothing is sent and nothing stored until the viewer has chosen.
  consent: 'pending',
})

// Where your consent banner says what the viewer chose:
tracker.setConsent('granted')
