import type { FlatEvent, ViewRecord } from '@viewbeat/schema'

/**
 * One thing to write; `document` is its JSON, on one line. `create` stores a document once for an id. `index` stores it in
 * place of an older one: with `external` where `version` is greater than the stored one's, with `external_gte` also where
 * they are equal. https://docs.opensearch.org/latest/api-reference/document-apis/bulk/
 */
export type BulkOperation =
  | { op: 'create'; index: string; id: string; document: string }
  | {
      op: 'index'
      index: string
      id: string
      /** A whole number from 0 on. */
      version: number
      version_type: 'external' | 'external_gte'
      document: string
    }

/** What became of an operation. */
export interface BulkItem {
  /** As HTTP: 200 and 201 stored; 409 there already, or a newer one is; 413 and most 400s never. Others may work later. */
  status: number
  /** The store's name for the fault, such as `mapper_parsing_exception`. */
  type?: string
  /** The fault in the store's words. May hold a value of the document. */
  reason?: string
}

/** A whole call failed with an answer; `status` as HTTP, 413 for one that was too large. */
export class SearchIndexError extends Error {
  override readonly name = 'SearchIndexError'
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message)
  }
}

/** Where events and views are searched: OpenSearch, or what stands for it when faults are made. */
export interface SearchIndex {
  /**
   * Writes by one `_bulk`: an item for each operation, in their order; each is stored or not by itself, one after another
   * for the same id. Rejects when the call as a whole failed or took longer than `timeoutMs`: then any of the operations
   * may be stored, and the same call again is safe. `SearchIndexError` when it was answered.
   */
  bulk(operations: readonly BulkOperation[], timeoutMs: number): Promise<BulkItem[]>
  /**
   * The events stored of these views, from every index, in any order: all whose `bulk` was answered before this was
   * called. One event may come twice. Where there are more than `most`, more than so many, and perhaps not all. Rejects
   * when they cannot be read in `timeoutMs`.
   */
  eventsOf(viewIds: readonly string[], timeoutMs: number, most?: number): Promise<FlatEvent[]>
  /** The records stored of these views as they are now; those that are not stored are left out. Rejects as `eventsOf`. */
  viewsOf(viewIds: readonly string[], timeoutMs: number): Promise<ViewRecord[]>
}
