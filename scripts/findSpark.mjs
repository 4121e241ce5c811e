import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { root } from './setup.mjs'
import { withPython } from './withPython.mjs'

const hasJava = () => {
  try {
    execFileSync(process.env.JAVA_HOME ? join(process.env.JAVA_HOME, 'bin/java') : 'java', ['-version'], {
      stdio: 'ignore',
    })
    return true
  } catch {
    return false
  }
}

/**
 * The Python that has Spark, installed once (about 320 MB) into node_modules/.cache; undefined, and it is said why, where
 * there is no Java, no Python, or no way to its packages.
 */
export const findSpark = async () => {
  if (!hasJava()) {
    console.log('Spark is left out: it needs Java 8, 11 or 17')
    return undefined
  }
  let python
  await withPython(
    {
      script: 'Spark in test:engines',
      requirements: join(root, 'tests/engines/spark/requirements.txt'),
      cache: 'viewbeat-spark',
    },
    (inVenv) => {
      python = inVenv('python')
    },
  )
  return python
}
