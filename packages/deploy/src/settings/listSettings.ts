import * as z from 'zod'
import { settings } from './settings.ts'

/** A setting as people are told of it. */
export interface ListedSetting {
  /** `stream.shards` */
  path: string
  /** As JSON; absent where there is none. */
  fallback?: string
  description: string
}

interface Node {
  properties?: Record<string, Node>
  default?: unknown
  description?: string
}

const walk = (node: Node, path: string[]): ListedSetting[] => {
  if (node.properties && path.at(-1) !== 'document')
    return Object.entries(node.properties).flatMap(([name, child]) => walk(child, [...path, name]))
  return [
    {
      path: path.join('.'),
      ...(node.default !== undefined && { fallback: JSON.stringify(node.default) }),
      description: node.description ?? '',
    },
  ]
}

/** Every setting, with its default and what it does. */
export const listSettings = (): ListedSetting[] =>
  walk(z.toJSONSchema(settings, { io: 'input', unrepresentable: 'any' }) as Node, [])
