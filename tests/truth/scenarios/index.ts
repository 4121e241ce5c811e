import { CHOICES } from './choices.ts'
import { FAILURES } from './failures.ts'
import { STALLS } from './stalls.ts'
import { STARTS } from './starts.ts'

/** What happens to viewers, by name. */
export const SCENARIOS = { ...STARTS, ...STALLS, ...CHOICES, ...FAILURES }

/** The name of a scenario. */
export type ScenarioName = keyof typeof SCENARIOS
