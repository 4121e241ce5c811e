/** Whether a text may be the id of a view: a ULID. https://github.com/ulid/spec */
export const isViewId = (text: unknown): text is string =>
  typeof text === 'string' && /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/.test(text)
