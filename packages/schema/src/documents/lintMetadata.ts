import type * as z from 'zod'
import { PRIVACY_CLASSES, PURPOSES } from '../metadata.ts'

/** Finds fields that do not say their description, unit, purpose, privacy class or since. One sentence for each. */
export const lintMetadata = (schema: z.ZodType, path = ''): string[] => {
  const { def } = (schema as unknown as { _zod: { def: { innerType?: z.ZodType; shape?: z.ZodRawShape } } })
    ._zod
  if (def.innerType) return lintMetadata(def.innerType, path)
  return Object.entries(def.shape ?? {}).flatMap(([name, field]) => {
    const here = `${path}/${name}`
    const { description, unit, purpose, class: privacy, since } = (field as z.ZodType).meta() ?? {}
    const faults = [
      !description && 'has no description',
      !unit && 'has no unit',
      !(purpose && purpose in PURPOSES) && 'has no purpose',
      !(privacy && PRIVACY_CLASSES.includes(privacy)) && 'has no privacy class',
      !(since && /^\d+\.\d+$/.test(since)) && 'does not say since when',
    ]
    return [
      ...faults.filter(Boolean).map((fault) => `${here}: ${fault}`),
      ...lintMetadata(field as z.ZodType, here),
    ]
  })
}
