/** Something that is wrong with what a seed came to. */
export interface Finding {
  /** Which promise it breaks. */
  kind:
    | 'lost'
    | 'unreported'
    | 'twice'
    | 'invented'
    | 'altered'
    | 'quarantine'
    | 'poison'
    | 'order'
    | 'totals'
    | 'object'
    | 'resent'
    | 'unfinished'
    | 'receipt'
  text: string
  /** The events that it is about. */
  viewId?: string
  seqs?: number[]
}
