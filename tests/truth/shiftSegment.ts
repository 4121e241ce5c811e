/** Where in its box a field of 64 bits is that says when the segment begins. */
const FIELDS = { sidx: 20, tfdt: 12 }

/** A copy of a CMAF segment that begins so much later, in units of its track's timescale. */
export const shiftSegment = (segment: Buffer, by: bigint) => {
  const copy = Buffer.from(segment)
  for (const [box, field] of Object.entries(FIELDS)) {
    const at = copy.indexOf(box) - 4 + field
    copy.writeBigUInt64BE(copy.readBigUInt64BE(at) + by, at)
  }
  return copy
}
