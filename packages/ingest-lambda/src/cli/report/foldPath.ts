/**
 * The place that a JSON Pointer names, as one group has it: numbers in lists become `*`, and keys that are no field names
 * are not shown.
 */
export const foldPath = (pointer: string): string =>
  pointer
    .split('/')
    .map((part) =>
      /^\d+$/.test(part) ? '*' : part === '' || /^[A-Za-z_][\w.~-]{0,63}$/.test(part) ? part : '<key>',
    )
    .join('/')
