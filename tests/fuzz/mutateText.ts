import fc from 'fast-check'

/** Changes a JSON text in which `MARKER` stands where the body's own marker will. */
export type ChangeText = (text: string) => string

/** Where a body's marker will stand. Upper case: what may be told of an SDK is lower case. */
export const MARKER = '@@MARKER@@'

/** Values that JSON can say. */
const VALUES = [
  '-1',
  '1.5',
  '-0',
  '1e20',
  '1e308',
  '1e999',
  '-1e999',
  '9007199254740993',
  '9007199254740991',
  'null',
  'true',
  '[]',
  '{}',
  '""',
  '" "',
  `"${MARKER}"`,
  `["${MARKER}"]`,
  `{"${MARKER}":"${MARKER}"}`,
  `"${MARKER}\\r\\nset-cookie: a=b"`,
  `"${MARKER}\\u0000"`,
  `"${MARKER}\\ud800"`,
  `"\\udfff${MARKER}"`,
  `{"\\ud800":1,"\\ud801":"${MARKER}"}`,
  `"${'x'.repeat(300)}${MARKER}"`,
  `{"__proto__":{"polluted":"${MARKER}"}}`,
  `{"constructor":{"prototype":{"polluted":"${MARKER}"}}}`,
  `${'['.repeat(12)}"${MARKER}"${']'.repeat(12)}`,
  `${'{"a":'.repeat(2000)}"${MARKER}"${'}'.repeat(2000)}`,
]

/** What is no JSON. */
const MISSPELT = [
  '00',
  '0x10',
  '1.',
  '+1',
  'NaN',
  'Infinity',
  '-Infinity',
  'undefined',
  'nul',
  `"${MARKER}\u0007"`,
  `'${MARKER}'`,
]

/** Members that are put into some object. */
const MEMBERS = [
  `"__proto__":{"polluted":"${MARKER}"}`,
  `"\\u005f_proto__":{"polluted":"${MARKER}"}`,
  `"__proto__":null`,
  `"constructor":{"prototype":{"polluted":"${MARKER}"}}`,
  `"hasOwnProperty":1`,
  `"toString":"${MARKER}"`,
  `"toJSON":"${MARKER}"`,
  `"then":"${MARKER}"`,
  `"length":-1`,
  `"${MARKER}":1`,
  `"\\ud800":"${MARKER}"`,
  `"":"${MARKER}"`,
  `"seq":0`,
  `"seq":"${MARKER}"`,
  `"events":[]`,
  `"events":[{"type":"${MARKER}"}]`,
  `"spec":"2.0"`,
  `"spec":"0.9"`,
  `"spec":"1.${MARKER}"`,
  `"upcast_from":"1.0"`,
  `"dropped":{"queue_full":3,"${MARKER}":2,"__proto__":1}`,
  `"ext":{"com.example.x":"${MARKER}"}`,
  `"ext":{"com.example.x":"${MARKER}${'y'.repeat(2100)}"}`,
  `"type":"${MARKER}"`,
  `"view_id":"${MARKER}"`,
]

/** The place of the `n`th match, counted round and round. */
const placeOf = (text: string, pattern: RegExp, n: number): RegExpExecArray | undefined => {
  const places = [...text.matchAll(pattern)]
  return places[n % places.length]
}

const replaceAt = (text: string, place: RegExpExecArray | undefined, by: string) =>
  place ? text.slice(0, place.index) + by + text.slice(place.index + place[0].length) : text

const setValue = (values: readonly string[]) =>
  fc.tuple(fc.nat(5000), fc.constantFrom(...values)).map(
    ([n, value]): ChangeText =>
      (text) =>
        replaceAt(text, placeOf(text, /(?<=":)(?:"[^"]*"|-?[\d.]+|true|false|null)/g, n), value),
  )

const addMember = fc.tuple(fc.nat(5000), fc.constantFrom(...MEMBERS), fc.boolean()).map(
  ([n, member, isLast]): ChangeText =>
    (text) =>
      isLast
        ? replaceAt(text, placeOf(text, /(?<!\{)\}/g, n), `,${member}}`)
        : replaceAt(text, placeOf(text, /\{(?!\})/g, n), `{${member},`),
)

const anyJson = fc.tuple(fc.nat(5000), fc.json({ maxDepth: 4 })).map(
  ([n, json]): ChangeText =>
    (text) =>
      replaceAt(text, placeOf(text, /(?<=":)-?\d+/g, n), json),
)

const repeatEvent = fc.integer({ min: 2, max: 600 }).map(
  (times): ChangeText =>
    (text) => {
      const event = `{"seq":1,"type":"pause","ts":1790000000000,"t_ms":0,"playhead_ms":0,"state":"paused"}`
      return text.replace('"events":[', () => `"events":[${`${event},`.repeat(times)}`)
    },
)

/** One change of a JSON text. */
export const textChange: fc.Arbitrary<ChangeText> = fc.oneof(
  { weight: 7, arbitrary: setValue(VALUES) },
  { weight: 1, arbitrary: setValue(MISSPELT) },
  { weight: 4, arbitrary: addMember },
  { weight: 2, arbitrary: anyJson },
  { weight: 1, arbitrary: repeatEvent },
)
