import type { Settings } from '../settings/settings.ts'

/** The sinks' bundles that a stack of these settings runs, by name. The ingest is always there. */
export const bundlesOf = ({ archive, search }: Pick<Settings, 'archive' | 'search'>): string[] => [
  ...(archive.by === 'lambda' ? ['archive'] : []),
  ...(archive.by === 'firehose' ? ['firehose'] : []),
  ...(search ? ['search', 'view'] : []),
]
