import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { UsageError } from '@viewbeat/ingest-lambda/cli'

/** How far a replay has come. */
export interface Progress {
  /** Every object up to this one is written, but for the `unfinished`; empty before the first. */
  through: string
  /** Objects that could not be read, or stored whole. */
  unfinished: string[]
  events: number
  refused: number
}

/** Where a replay notes how far it has come, so that it goes on from there when it is run again. */
export interface Checkpoint {
  /** As an earlier run left it. */
  progress: Progress
  /** Resolves when it is written, in place of the older. */
  save(progress: Progress): Promise<void>
  /** When there is nothing more to go on with. */
  remove(): Promise<void>
}

const NONE: Progress = { through: '', unfinished: [], events: 0, refused: 0 }

const read = async (file: string): Promise<({ job: string } & Progress) | undefined> => {
  try {
    return JSON.parse(await readFile(file, 'utf8'))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw new UsageError(`--state ${file}: ${(error as Error).message}`)
  }
}

/**
 * Opens the checkpoint of a job, told apart from others by what `job` says. Throws `UsageError` where the file is of
 * another job. Without `resume` it begins anew; with `dry` nothing is written.
 */
export const openCheckpoint = async (
  file: string,
  job: string,
  { resume, dry }: { resume: boolean; dry: boolean },
): Promise<Checkpoint> => {
  const before = resume ? await read(file) : undefined
  if (before && before.job !== job)
    throw new UsageError(
      `--state ${file}: of another replay, ${before.job}; name another file, or --no-resume`,
    )
  const { through, unfinished, events, refused } = before ?? NONE
  return {
    progress: { through, unfinished, events, refused },
    async save(progress) {
      if (dry) return
      await mkdir(dirname(file), { recursive: true })
      await writeFile(`${file}.part`, `${JSON.stringify({ job, ...progress })}\n`)
      await rename(`${file}.part`, file)
    },
    remove: () => (dry ? Promise.resolve() : rm(file, { force: true })),
  }
}
