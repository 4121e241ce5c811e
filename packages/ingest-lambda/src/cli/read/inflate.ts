import { pipeline, Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'

/** The bytes of a file, inflated where they are gzip: told by the first two, for delivery streams name both alike. */
export async function* inflate(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const chunks = source[Symbol.asyncIterator]()
  let head = Buffer.alloc(0)
  while (head.length < 2) {
    const next = await chunks.next()
    if (next.done) break
    head = Buffer.concat([head, next.value])
  }
  const all = async function* () {
    yield head
    for (;;) {
      const next = await chunks.next()
      if (next.done) return
      yield next.value
    }
  }
  if (head[0] !== 0x1f || head[1] !== 0x8b) yield* all()
  // What goes wrong on the way is thrown by the reading of its end.
  else yield* pipeline(Readable.from(all()), createGunzip(), () => {})
}
