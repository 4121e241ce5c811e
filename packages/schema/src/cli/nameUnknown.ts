import { eventSchemas } from '../events/index.ts'
import { nearest } from './hintOf.ts'

/** Names the types and fields that the newest version does not know, each with what it was probably meant to be. */
export const nameUnknown = (events: readonly { type: string }[]): string[] =>
  events.flatMap((event) => {
    const schema = eventSchemas.get(event.type)
    if (!schema) return [withGuess('type', event.type, [...eventSchemas.keys()])]
    const known = Object.keys(schema.shape)
    return Object.keys(event)
      .filter((name) => !known.includes(name))
      .map((name) => withGuess('field', `${event.type}.${name}`, known, name))
  })

const withGuess = (kind: string, said: string, names: readonly string[], word = said) => {
  const like = nearest(word, names)
  return `${kind} ${said}${like ? ` (did you mean ${like}?)` : ''}`
}
