import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Settings } from '../settings/settings.ts'
import type { Code } from '../zip/readCode.ts'
import { type Template, toPlainTemplate } from './toPlainTemplate.ts'

/** What was written. */
export interface Written {
  template: Template
  templateFile: string
  templateBytes: number
  zipFile: string
}

const isOurZip = (name: string) => /^viewbeat-(ingest-)?[0-9a-f]{16}\.zip$/.test(name)

/** Writes the template and the functions' zip into a folder. The same settings and bundle give the same bytes. */
export const writePlain = async (settings: Settings, code: Code, folder: string): Promise<Written> => {
  const template = toPlainTemplate(settings, code.fileName)
  const text = `${JSON.stringify(template, null, 2)}\n`
  const templateFile = join(folder, `${settings.name}.template.json`)
  const zipFile = join(folder, code.fileName)
  await mkdir(folder, { recursive: true })
  const older = (await readdir(folder)).filter((name) => isOurZip(name) && name !== code.fileName)
  await Promise.all(older.map((name) => rm(join(folder, name))))
  await writeFile(templateFile, text)
  await writeFile(zipFile, code.zip)
  return { template, templateFile, templateBytes: Buffer.byteLength(text), zipFile }
}
