import { readConfig, StartError } from './config.ts'
import { startLocal } from './startLocal.ts'

/** npm runs scripts in a shell that passes no signal on: who ends `npm start` by its process id ends only the shell. */
const whenOrphaned = (run: () => void) => {
  const parent = process.ppid
  const timer = setInterval(() => {
    if (process.ppid !== parent) run()
  }, 500)
  timer.unref()
}

/** How long the end of everything may take, ms: the sinks have 5 s, a call to the stream 10. */
const STOPPED_WITHIN_MS = 40_000

/**
 * Starts the local pipeline as the environment says and runs it until Ctrl-C. Exit code 1 when it cannot start or go on.
 * `pages` resolves when the pages that it serves are built.
 */
export const main = async (pages: Promise<unknown>) => {
  try {
    const config = await readConfig(process.env)
    const pipeline = await startLocal(config, pages, (message) => console.error(message))
    console.log(`ready ${pipeline.url}`)
    console.log(`  Open it and play the video: its events appear as they are stored, within a second or two.`)
    console.log(`  Data is kept in ${config.dataDir}. Ctrl-C stops everything.`)

    let stopping = false
    const end = (code: number) => {
      if (stopping) return
      stopping = true
      setTimeout(() => {
        console.error(
          'It does not end in order and is ended; what was acknowledged is kept for the next start.',
        )
        process.exit(1)
      }, STOPPED_WITHIN_MS)
      void pipeline.stop().then(
        () => process.exit(code),
        (error: unknown) => {
          console.error('It did not end in order; what was acknowledged is kept for the next start.', error)
          process.exit(1)
        },
      )
    }
    const stop = () => end(0)
    process.on('SIGINT', stop)
    process.on('SIGTERM', stop)
    process.on('SIGHUP', stop)
    void pipeline.broken.then(() => {
      if (stopping) return
      console.error('The stream has ended by itself. What was acknowledged is kept; start again to go on.')
      end(1)
    })
    if (process.env.npm_lifecycle_event) whenOrphaned(stop)
  } catch (error) {
    console.error(error instanceof StartError ? error.message : error)
    process.exit(1)
  }
}
