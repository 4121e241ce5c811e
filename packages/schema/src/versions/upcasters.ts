import { from1_0 } from './from1_0.ts'
import type { Upcaster } from './upcaster.ts'

/** Every step from an older minor to the newest, in order. A version that is not named needs no step. */
export const upcasters: readonly Upcaster[] = [from1_0]
