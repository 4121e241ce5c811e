import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readSettings } from '../settings/readSettings.ts'
import { BUNDLE, readCode, SINKS } from '../zip/readCode.ts'

const require = createRequire(import.meta.url)

const quote = (path: string) => JSON.stringify(path)

/** `deploy`: hands the stack to the CDK CLI, with its further arguments, and resolves to its exit code. */
export const deploy = async (
  action: string,
  further: readonly string[],
  { settings, code = BUNDLE, sinks = SINKS }: { settings?: string; code?: string; sinks?: string },
): Promise<number> => {
  // Here, because what the CDK CLI says of an app that fails is not for people.
  await readCode(await readSettings(settings), { code, sinks })
  const app = [
    // Not in quotes: the CDK CLI would take those off a command that begins and ends with them.
    'node',
    '--import',
    quote(import.meta.resolve('tsx')),
    quote(fileURLToPath(new URL('../app.ts', import.meta.url))),
  ]
  const child = spawn(
    process.execPath,
    [
      require.resolve('aws-cdk/bin/cdk'),
      action,
      ...['--app', app.join(' ')],
      ...['--output', fileURLToPath(new URL('../../dist/cdk.out', import.meta.url))],
      ...(settings ? ['--context', `settings=${resolve(settings)}`] : []),
      ...['--context', `code=${resolve(code)}`],
      ...['--context', `sinks=${resolve(sinks)}`],
      ...further,
    ],
    { stdio: 'inherit' },
  )
  const [exitCode] = await once(child, 'exit')
  return exitCode ?? 1
}
