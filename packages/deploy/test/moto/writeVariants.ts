// Writes the plain template of every variant, as `synth` does it. Called by scripts/testDeploy.mjs.
import { join } from 'node:path'
import { writePlain } from '../../src/plain/writePlain.ts'
import { checkSettings } from '../../src/settings/readSettings.ts'
import { readCode } from '../../src/zip/readCode.ts'
import { variants } from '../variants.ts'

const [folder, code, sinks] = process.argv.slice(2) as [string, string, string]
for (const [name, input] of Object.entries(variants)) {
  const settings = checkSettings(input, name)
  await writePlain(
    settings,
    await readCode(settings, { code, sinks }),
    join(folder, name.replaceAll(' ', '-')),
  )
}
