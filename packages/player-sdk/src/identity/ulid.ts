const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/**
 * A ULID of now: 48 bits of time, 80 of chance, as 26 characters that sort by time. The `ulid` package costs 920 of
 * the 6,144 bytes this SDK may have. https://github.com/ulid/spec
 */
export const ulid = (epoch: number) => {
  let time = ''
  for (let rest = epoch; time.length < 10; rest = Math.floor(rest / 32))
    time = ALPHABET.charAt(rest % 32) + time
  const chance = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => ALPHABET.charAt(byte % 32))
  return time + chance.join('')
}
