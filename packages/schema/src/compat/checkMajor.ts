import { compareVersions } from './compareVersions.ts'
import { findGaps, type Gap } from './findGaps.ts'
import type { Version } from './readVersion.ts'

/** Whether what producers of one version send is taken by readers of another. */
export interface Pairing {
  producer: string
  reader: string
  gaps: Gap[]
}

/**
 * Proves for the versions of one major that every producer's values are taken by every reader, past and present, and
 * that no version takes away what the one before it had. `versions` come oldest first.
 */
export const checkMajor = (versions: Version[]): Pairing[] => [
  ...versions.flatMap((producer) =>
    versions.map((reader) => ({
      producer: producer.name,
      reader: reader.name,
      gaps: findGaps(producer.producer, reader.reader),
    })),
  ),
  ...versions.slice(1).map((version, index) => ({
    producer: versions[index]!.name,
    reader: `${version.name} as a producer`,
    gaps: compareVersions(versions[index]!, version)
      .changes.filter(({ kind }) => kind === 'breaking')
      .map(({ path, what, example }) => ({ path, reason: what, counterExample: example })),
  })),
]
