import { convivaLike } from './convivaLike.ts'
import { cta2066 } from './cta2066.ts'
import type { DefinitionSet } from './definitionSet.ts'
import { muxLike } from './muxLike.ts'
import { viewbeat } from './viewbeat.ts'

/** What each house means by its metrics, under one set of names: so that two figures that disagree say why. */
export const DEFINITION_SETS = {
  viewbeat,
  'cta-2066': cta2066,
  'mux-like': muxLike,
  'conviva-like': convivaLike,
} as const satisfies Record<string, DefinitionSet>

/** A definition set: a name of `DEFINITION_SETS`. */
export type DefinitionSetName = keyof typeof DEFINITION_SETS
