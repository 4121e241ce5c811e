import type { View } from './playScenario.ts'

/** By how much each time that the SDK tells of a view is beside the truth, ms, by name. */
export const deviations = ({ truth, claims }: View): Record<string, number> => {
  const off: Record<string, number> = {}
  const note = (name: string, seen: number | undefined, said: number | undefined) => {
    if (seen !== undefined && said !== undefined) off[name] = said - seen
  }
  note('startup', truth.startup_ms, claims.startup_ms)
  if (!truth.doubtful.length) note('played', truth.played_ms, claims.played_ms)
  truth.stalls.forEach(({ begin, end }, index) => {
    const said = claims.stalls[index]
    note(`stall ${index + 1} begin`, begin, said?.begin)
    note(`stall ${index + 1} length`, end - begin, said && said.end - said.begin)
  })
  truth.seeks.forEach(({ asked, end }, index) => {
    const said = claims.seeks?.[index]
    note(`seek ${index + 1}`, end - asked, said && said.end - said.asked)
  })
  truth.switches.forEach(({ at }, index) => {
    note(`switch ${index + 1}`, at, claims.switches?.[index]?.at)
  })
  return off
}

/** Of which times the engines differ by more than they may in how far the SDK is off: a line for each. */
export const disagreements = (views: Record<string, View>, allowed_ms: number): string[] => {
  const byName: Record<string, [engine: string, off: number][]> = {}
  for (const [engine, view] of Object.entries(views))
    for (const [name, off] of Object.entries(deviations(view)))
      byName[name] = [...(byName[name] ?? []), [engine, off]]
  return Object.entries(byName).flatMap(([name, all]) => {
    const sorted = all.toSorted(([, a], [, b]) => a - b)
    const spread = sorted.at(-1)![1] - sorted[0]![1]
    if (spread <= allowed_ms) return []
    return [`${name}: ${sorted.map(([engine, off]) => `${engine} ${off.toFixed(0)}`).join(', ')}`]
  })
}
