/** What kind of value a key of CMCD has. Lists hold one value per object type. */
export type CmcdKind = 'integer' | 'decimal' | 'string' | 'token' | 'boolean' | 'integers' | 'strings'

const of = (kind: CmcdKind, keys: string) => keys.split(' ').map((key) => [key, kind] as const)

/** The 49 reserved keys of CMCD version 2 and the kind of their values. CTA-5004-B, table 1. */
export const CMCD_KEYS: ReadonlyMap<string, CmcdKind> = new Map([
  ...of('integer', 'd dfa dl ltc msd pt rc rtp sn ts ttfb ttfbb ttlb v'),
  ...of('decimal', 'pr'),
  ...of('string', 'cen cid cmsdd cmsds cs h sid smrt url'),
  ...of('token', 'e ot sf st sta'),
  ...of('boolean', 'bg bs nr su'),
  ...of('integers', 'ab bl br bsa bsd bsda lab lb mtp pb tab tb tbl tpb'),
  ...of('strings', 'ec nor'),
])

/** The newest version of CMCD that is understood. */
export const CMCD_VERSION = 2
