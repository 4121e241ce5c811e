import type { JsonSchema } from '../jsonSchema/jsonSchema.ts'

/** The version since which each field is there, by its path. */
const sinceOf = (schema: JsonSchema, path = ''): [path: string, since: string | undefined][] => [
  ...Object.entries(schema.properties ?? {}).flatMap(([name, field]): [string, string | undefined][] => [
    [`${path}/${name}`, field['x-since']],
    ...sinceOf(field, `${path}/${name}`),
  ]),
  ...Object.entries(schema.$defs ?? {}).flatMap(([name, event]): [string, string | undefined][] => [
    [name, event['x-since']],
    ...sinceOf(event, name),
  ]),
  ...(schema.items ? sinceOf(schema.items, path) : []),
]

const parentOf = (path: string) => path.slice(0, Math.max(0, path.lastIndexOf('/')))

/** Finds fields of `after` that `before` has not and that do not say they are new in `version`. A sentence for each. */
export const lintSince = (before: JsonSchema, after: JsonSchema, version: string): string[] => {
  const known = new Set(sinceOf(before).map(([path]) => path))
  const isKnown = (path: string) => path === '' || known.has(path)
  return (
    sinceOf(after)
      // What is part of something new says enough by that.
      .filter(([path, since]) => !known.has(path) && isKnown(parentOf(path)) && since !== version)
      .map(
        ([path, since]) =>
          `${path} is new in ${version} and says since ${since}: give it .meta({ since: '${version}' })`,
      )
  )
}
