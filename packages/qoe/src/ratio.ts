/** A share, 0 to 1; null where there is nothing to have a share of. */
export const ratio = (part: number, whole: number) => (whole > 0 ? part / whole : null)
