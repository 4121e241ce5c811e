/** The producer, as batches name it; a test holds the version against package.json. */
export const SDK = { name: 'viewbeat-js', version: '0.1.0' }
