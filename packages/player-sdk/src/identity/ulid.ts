const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/**
 * A ULID of now: 48 bits of time, 80 of chance, as 26 characters that sort by time. The `ulid` package costs a sixth
 * of what this SDK may weigh. https://github.com/ulid/spec
 */
export const ulid = (epoch: number) => {
  let text = ''
  for (; text.length < 10; epoch = Math.floor(epoch / 32)) text = ALPHABET.charAt(epoch % 32) + text
  for (const byte of crypto.getRandomValues(new Uint8Array(16))) text += ALPHABET.charAt(byte % 32)
  return text
}
