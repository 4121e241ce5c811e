import { badSession } from './badSession.ts'
import type { DefinitionSet } from './definitionSet.ts'
import { viewbeatAds } from './viewbeatAds.ts'
import { viewbeatAudience } from './viewbeatAudience.ts'
import { viewbeatQuality } from './viewbeatQuality.ts'
import { viewbeatStalls } from './viewbeatStalls.ts'
import { viewbeatStartup } from './viewbeatStartup.ts'

/** Viewbeat's own definitions. */
export const viewbeat = {
  says: 'what this project means: ads apart from content, refusals apart from faults, nobody counted who did not try',
  metrics: {
    ...viewbeatStartup,
    ...viewbeatStalls,
    ...viewbeatQuality,
    ...viewbeatAudience,
    ...viewbeatAds,
    bad_session: badSession,
  },
} satisfies DefinitionSet
