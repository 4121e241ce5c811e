const encoder = new TextEncoder()

/** Bytes of a text as UTF-8: what the network and the 64 KiB budget count. */
export const byteLength = (text: string) => encoder.encode(text).length
