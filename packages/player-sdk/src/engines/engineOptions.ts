/** What can be asked of an adapter. */
export interface EngineOptions {
  /** The share of media requests that is reported, above 0 to 1; none unless said. */
  sampleRequests?: number
}
