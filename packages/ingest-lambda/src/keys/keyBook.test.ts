import { describe, expect, it } from 'vitest'
import example from '../../../../examples/keys/keys.json' with { type: 'json' }
import { type KeyEntry, readKeyBook } from './keyBook.ts'

const allows = (pattern: string, origin: string) => {
  const { keys } = readKeyBook({ pk_a: { publisher: 'a', origins: [pattern] } })!
  return (keys.get('pk_a') as KeyEntry).allows(origin)
}

describe('an origin pattern', () => {
  it.each([
    ['*', 'https://any.example', true],
    ['https://pub.example', 'https://pub.example', true],
    ['https://pub.example', 'https://PUB.example', true],
    ['https://pub.example', 'http://pub.example', false],
    ['https://pub.example', 'https://pub.example:8443', false],
    ['https://*.pub.example', 'https://www.pub.example', true],
    ['https://*.pub.example', 'https://a.b.pub.example', true],
    ['https://*.pub.example', 'https://pub.example', false],
    ['https://*.pub.example', 'https://evilpub.example', false],
    ['https://*.pub.example', 'https://evil.example/.pub.example', false],
    ['https://*.pub.example', 'https://evil.example?.pub.example', false],
    ['http://localhost:*', 'http://localhost:3000', true],
    ['http://localhost:*', 'http://localhost', false],
  ])('%s allows %s: %s', (pattern, origin, allowed) => {
    expect(allows(pattern, origin)).toBe(allowed)
  })

  it.each([
    'https://*.*.example',
    'https://*',
    'https://pub*.example',
    'https://pub.example/',
    'ftp://pub.example',
    'pub.example',
  ])('%s is refused, and what is expected is said', (pattern) => {
    const { faults } = readKeyBook({ pk_a: { publisher: 'a', origins: [pattern] } })!
    expect(faults).toEqual([expect.stringContaining('pk_a.origins.0: Expected * or an origin such as')])
  })
})

describe('a document of keys', () => {
  it('is written as the example is', () => {
    const { keys, faults } = readKeyBook(example)!
    expect(faults).toEqual([])
    expect(keys.get('pk_demo')).toMatchObject({ publisher: 'demo', quota_events_per_s: 1000 })
  })

  it('has no key that its prototype has', () => {
    const { keys } = readKeyBook(JSON.parse('{"__proto__":{"publisher":"a","origins":["*"]}}'))!
    expect([keys.get('__proto__'), keys.get('constructor')]).toEqual([undefined, undefined])
  })
})
