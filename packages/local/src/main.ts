import { readConfig, StartError } from './config.ts'
import { startLocal } from './startLocal.ts'

/**
 * Starts the local pipeline as the environment says and runs it until Ctrl-C. Exit code 1 when it cannot start.
 * `pages` resolves when the pages that it serves are built.
 */
export const main = async (pages: Promise<unknown>) => {
  try {
    const config = await readConfig(process.env)
    const pipeline = await startLocal(config, (message) => console.error(message))
    await pages
    console.log(`ready ${pipeline.url}`)
    console.log(`  Open it and play the video: its events appear as they are stored, within a second or two.`)
    console.log(`  Data is kept in ${config.dataDir}. Ctrl-C stops everything.`)

    let stopping: Promise<void> | undefined
    const stop = () => {
      stopping ??= pipeline.stop().then(() => process.exit(0))
    }
    process.on('SIGINT', stop)
    process.on('SIGTERM', stop)
    process.on('SIGHUP', stop)
  } catch (error) {
    console.error(error instanceof StartError ? error.message : error)
    process.exit(1)
  }
}
