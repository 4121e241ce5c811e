import { execFileSync, spawnSync } from 'node:child_process'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fail, root } from './setup.mjs'

const pom = join(root, 'tests/engines/opensearch/pom.xml')
const folder = join(root, 'node_modules/.cache/viewbeat-opensearch')
const jars = join(folder, 'jars')
const installed = join(folder, 'installed.txt')

const COPY = 'org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies'

const java = process.env.JAVA_HOME ? join(process.env.JAVA_HOME, 'bin/java') : 'java'

/** The major version of Java, when it can run a source file: a JDK can, a JRE cannot. */
const findJdk = () => {
  try {
    const modules = execFileSync(java, ['--list-modules'], { stdio: ['ignore', 'pipe', 'ignore'] }).toString()
    return Number(/^jdk\.compiler@(\d+)/m.exec(modules)?.[1] ?? 0)
  } catch {
    return 0
  }
}

const isRunnable = (command) => spawnSync(command, ['-version'], { stdio: 'ignore' }).status === 0

/**
 * The command and the class path of a real OpenSearch, fetched once (53 MB) into node_modules/.cache by Maven. Ends the run,
 * saying what is needed, where there is no JDK or no Maven.
 */
export const findOpenSearch = async () => {
  if (findJdk() < 11)
    fail('OpenSearch needs a JDK, 11 or newer (Debian: openjdk-17-jdk-headless), in JAVA_HOME or PATH')
  const wanted = await readFile(pom, 'utf8')
  if (wanted !== (await readFile(installed, 'utf8').catch(() => ''))) {
    if (!isRunnable('mvn')) fail("OpenSearch's jars are fetched by Maven: mvn is needed (Debian: maven)")
    console.log('Fetching OpenSearch (once, 53 MB) …')
    await rm(jars, { recursive: true, force: true })
    await mkdir(jars, { recursive: true })
    const args = ['--quiet', '--batch-mode', '--file', pom, COPY, `-DoutputDirectory=${jars}`]
    const { status } = spawnSync('mvn', args, { stdio: ['ignore', 'inherit', 'inherit'] })
    if (status !== 0)
      fail('Maven could not fetch OpenSearch: it needs to reach Maven Central, or a mirror of it')
    await writeFile(installed, wanted)
  }
  return { java, classPath: join(jars, '*') }
}
