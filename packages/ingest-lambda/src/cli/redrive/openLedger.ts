import { appendFile, mkdir, readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { UsageError } from '../output.ts'

/** Whose events they are: of a view, and of a record of the stream where they are told apart by that too. */
export interface Owner {
  publisher?: string | undefined
  view_id: string
  sequence_number?: string | undefined
}

/** Some events of one view, by their identity. */
export interface Identities extends Owner {
  seqs: readonly number[]
}

/** What has landed by earlier runs and this one, and what this run has tried. */
export interface Ledger {
  hasLanded: (owner: Owner, seq: number) => boolean
  /** Notes what this run sends; answers false where it has been sent by this run already. */
  begin: (owner: Owner, seq: number) => boolean
  /** Resolves when it is written: a run that is broken off goes on from here. */
  land: (identities: Identities) => Promise<void>
}

const createSet = () => {
  const views = new Map<string, Set<number>>()
  const nameOf = ({ publisher, view_id, sequence_number }: Owner) =>
    JSON.stringify([publisher, view_id, sequence_number])
  return {
    has: (owner: Owner, seq: number) => views.get(nameOf(owner))?.has(seq) ?? false,
    add: (owner: Owner, seq: number) => {
      const name = nameOf(owner)
      const known = views.get(name)
      if (known) known.add(seq)
      else views.set(name, new Set([seq]))
    },
  }
}

const readFileIfThere = async (file: string): Promise<string> => {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return ''
    throw new UsageError(`--state ${file}: ${(error as Error).message}`)
  }
}

const readLine = (line: string): (Identities & { to: string }) | undefined => {
  try {
    const value = JSON.parse(line)
    return Array.isArray(value?.seqs) && typeof value.view_id === 'string' ? value : undefined
  } catch {
    // The last line of a run that was killed: its events are sent once more, and stores drop the copies.
    return undefined
  }
}

/**
 * Opens the file in which redriven events are noted by their identity, (`view_id`, `seq`): the one by which every store
 * drops copies. What landed elsewhere than `to` says does not count. With `dry` nothing is written.
 */
export const openLedger = async (
  file: string,
  to: string,
  { dry = false, now = Date.now }: { dry?: boolean; now?: () => number } = {},
): Promise<Ledger> => {
  const landed = createSet()
  const tried = createSet()
  const before = await readFileIfThere(file)
  for (const line of before.split('\n')) {
    const noted = readLine(line)
    if (noted?.to === to) for (const seq of noted.seqs) landed.add(noted, seq)
  }
  if (!dry) {
    await mkdir(dirname(file), { recursive: true })
    // So that a half line does not spoil the next one.
    await appendFile(file, before === '' || before.endsWith('\n') ? '' : '\n')
  }
  return {
    hasLanded: landed.has,
    begin: (owner, seq) => {
      if (tried.has(owner, seq)) return false
      tried.add(owner, seq)
      return true
    },
    land: async ({ publisher, view_id, sequence_number, seqs }) => {
      for (const seq of seqs) landed.add({ publisher, view_id, sequence_number }, seq)
      const line = JSON.stringify({
        at: now(),
        to,
        ...(publisher !== undefined && { publisher }),
        view_id,
        ...(sequence_number !== undefined && { sequence_number }),
        seqs,
      })
      await appendFile(file, `${line}\n`)
    },
  }
}
