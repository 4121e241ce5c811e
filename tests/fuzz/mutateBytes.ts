import { gzipSync } from 'node:zlib'
import fc from 'fast-check'

/** Changes a body's bytes. */
export type ChangeBytes = (bytes: Buffer) => Buffer

const at = (bytes: Buffer, n: number) => n % (bytes.length + 1)

const splice = (bytes: Buffer, from: number, to: number, by: Uint8Array) =>
  Buffer.concat([bytes.subarray(0, from), by, bytes.subarray(to)])

/** Bytes that readers have stumbled over. */
const ODD = [
  Buffer.from([0xef, 0xbb, 0xbf]),
  Buffer.from([0xff, 0xfe]),
  Buffer.from([0xc0, 0xaf]),
  Buffer.from([0xe0, 0x80, 0xaf]),
  Buffer.from([0xed, 0xa0, 0x80]),
  Buffer.from([0xf4, 0x90, 0x80, 0x80]),
  Buffer.from([0]),
  Buffer.from('\r\n'),
  Buffer.from('\n'),
  Buffer.from('\u2028'),
  Buffer.from([0x1f, 0x8b]),
  Buffer.from([0x1f, 0x8b, 0x08]),
]

const place = fc.nat(1_000_000)

/** One change of the bytes of a body. */
export const byteChange: fc.Arbitrary<ChangeBytes> = fc.oneof(
  fc.tuple(place, fc.nat(255)).map(
    ([n, byte]): ChangeBytes =>
      (bytes) => {
        const from = at(bytes, n)
        return splice(bytes, from, from + 1, Uint8Array.of(byte))
      },
  ),
  fc.tuple(place, fc.nat(7)).map(
    ([n, bit]): ChangeBytes =>
      (bytes) => {
        const from = at(bytes, n)
        return from < bytes.length
          ? splice(bytes, from, from + 1, Uint8Array.of(bytes[from]! ^ (1 << bit)))
          : bytes
      },
  ),
  fc.tuple(place, fc.constantFrom(...ODD)).map(
    ([n, odd]): ChangeBytes =>
      (bytes) => {
        const from = at(bytes, n)
        return splice(bytes, from, from, odd)
      },
  ),
  fc.constantFrom(...ODD).map(
    (odd): ChangeBytes =>
      (bytes) =>
        Buffer.concat([odd, bytes]),
  ),
  fc.tuple(place, fc.nat(60)).map(
    ([n, length]): ChangeBytes =>
      (bytes) => {
        const from = at(bytes, n)
        return splice(bytes, from, from + length, Buffer.alloc(0))
      },
  ),
  fc.tuple(place, place, fc.nat(200)).map(
    ([n, m, length]): ChangeBytes =>
      (bytes) => {
        const from = at(bytes, n)
        const to = at(bytes, m)
        return splice(bytes, to, to, bytes.subarray(from, from + length))
      },
  ),
  place.map(
    (n): ChangeBytes =>
      (bytes) =>
        bytes.subarray(0, at(bytes, n)),
  ),
)

const zip = (bytes: Buffer) => gzipSync(bytes, { level: 1 })

/** What a sender packs a body into. */
export const layer: fc.Arbitrary<ChangeBytes> = fc.oneof(
  { weight: 16, arbitrary: fc.constant<ChangeBytes>((bytes) => bytes) },
  { weight: 8, arbitrary: fc.constant<ChangeBytes>(zip) },
  { weight: 1, arbitrary: fc.constant<ChangeBytes>((bytes) => zip(zip(bytes))) },
  {
    weight: 1,
    arbitrary: place.map(
      (n): ChangeBytes =>
        (bytes) => {
          const from = at(bytes, n)
          return Buffer.concat([zip(bytes.subarray(0, from)), zip(bytes.subarray(from))])
        },
    ),
  },
  {
    weight: 1,
    arbitrary: byteChange.map(
      (change): ChangeBytes =>
        (bytes) =>
          change(zip(bytes)),
    ),
  },
)
