import { readFile } from 'node:fs/promises'
import type * as z from 'zod'
import { type Settings, settings } from './settings.ts'

/** Settings that cannot be used; the message names each and says what to do. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError'
  readonly code = 'bad_settings'
}

type Schema = z.core.$ZodType

const unwrap = (schema: Schema): Schema =>
  'innerType' in schema._zod.def ? unwrap(schema._zod.def.innerType as Schema) : schema

const shapeOf = (schema: Schema) =>
  (unwrap(schema) as z.ZodObject).shape as Record<string, Schema> | undefined

/** The schema of a setting or of a section; undefined inside of what a setting holds. */
const find = (path: PropertyKey[]) =>
  path.reduce<Schema | undefined>((schema, step) => schema && shapeOf(schema)?.[String(step)], settings)

/** What is wrong with a setting, and what to do. */
const toLine = (issue: z.core.$ZodIssue) => {
  const schema = find(issue.path)
  if (issue.code === 'unrecognized_keys') {
    const known = Object.keys((schema && shapeOf(schema)) ?? {})
    return `${[...issue.path, issue.keys[0]].join('.')}: no such setting: there are ${known.join(', ')}`
  }
  const message = issue.code === 'invalid_key' ? issue.issues[0]?.message : issue.message
  const description = schema && (schema as z.ZodType).description
  return [`${issue.path.join('.') || 'settings'}: ${message}`, description].filter(Boolean).join('. ')
}

/** Checks settings and fills in defaults. `source` is named in the error. */
export const checkSettings = (input: unknown, source: string): Settings => {
  const result = settings.safeParse(input)
  if (result.success) return result.data
  throw new SettingsError(
    [`${source}:`, ...result.error.issues.map((issue) => `  ${toLine(issue)}`)].join('\n'),
  )
}

/** Reads settings from a JSON file; without one, all defaults. */
export const readSettings = async (file?: string): Promise<Settings> => {
  if (file === undefined) return checkSettings({}, 'settings')
  const text = await readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw new SettingsError(
      `${file}: cannot be read (${cause.code}): give the path of a JSON file of settings`,
    )
  })
  try {
    return checkSettings(JSON.parse(text), file)
  } catch (error) {
    if (error instanceof SyntaxError) throw new SettingsError(`${file}: not JSON: ${error.message}`)
    throw error
  }
}
