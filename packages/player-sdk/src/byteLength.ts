const encoder = new TextEncoder()

/** A text as UTF-8. */
export const encode = (text: string) => encoder.encode(text)

/** Bytes of a text as UTF-8: what the network and the 64 KiB budget count. */
export const byteLength = (text: string) => encode(text).length
