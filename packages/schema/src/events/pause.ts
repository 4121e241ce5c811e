import { defineEvent } from '../envelope.ts'
import { openEnum } from '../fields.ts'

export const pause = defineEvent(
  'pause',
  'playback stops on purpose, or because the content ended',
  { purpose: 'audience', class: 'viewing' },
  {
    reason: openEnum(['user', 'api', 'ad', 'autoplay_blocked', 'ended', 'interrupted', 'unknown']).describe(
      'why',
    ),
  },
)
