const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** A ULID whose chance is a seed's. `epoch`: epoch ms. https://github.com/ulid/spec */
export const makeUlid = (epoch: number, random: () => number) => {
  let text = ''
  for (; text.length < 10; epoch = Math.floor(epoch / 32)) text = ALPHABET.charAt(epoch % 32) + text
  for (; text.length < 26; ) text += ALPHABET.charAt(Math.floor(random() * 32))
  return text
}
