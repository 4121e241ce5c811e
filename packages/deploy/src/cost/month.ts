/** Days, hours and seconds in a month of the bill. */
export const DAYS = 30.4
export const HOURS = 730
export const SECONDS = DAYS * 86_400

/** What AWS calls a GB. */
export const GB = 2 ** 30
