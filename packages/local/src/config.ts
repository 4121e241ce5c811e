import { constants } from 'node:fs'
import { access, mkdir } from 'node:fs/promises'
import { resolve } from 'node:path'

/** What a person can set. */
export interface LocalConfig {
  port: number
  /** Absolute; made if it is not there. */
  dataDir: string
  /** An OpenSearch to write to as well; none unless given. */
  search?: string
}

/** Something a person has to put right; its message is all that is shown. */
export class StartError extends Error {
  override readonly name = 'StartError'
}

/**
 * Reads PORT (default 8080), VIEWBEAT_DATA_DIR (default `.viewbeat`) and VIEWBEAT_SEARCH (an OpenSearch, none by default).
 * Throws `StartError`, naming the variable.
 */
export const readConfig = async (env: NodeJS.ProcessEnv): Promise<LocalConfig> => {
  const port = Number(env.PORT || 8080)
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new StartError(`PORT: expected a port number, got "${env.PORT}"`)
  const dataDir = resolve(env.VIEWBEAT_DATA_DIR || '.viewbeat')
  try {
    await mkdir(dataDir, { recursive: true })
    await access(dataDir, constants.W_OK | constants.X_OK)
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code
    throw new StartError(`VIEWBEAT_DATA_DIR: cannot write to ${dataDir} (${why})`)
  }
  const search = env.VIEWBEAT_SEARCH
  if (search && !/^https?:$/.test(URL.canParse(search) ? new URL(search).protocol : ''))
    throw new StartError('VIEWBEAT_SEARCH: expected the URL of an OpenSearch, such as http://127.0.0.1:9200')
  return { port, dataDir, ...(search && { search }) }
}
