/** One thing to write. `create` succeeds once for an id; `index` stores unless a newer version is there. */
export type BulkOperation =
  | { op: 'create'; index: string; id: string; document: object }
  | { op: 'index'; index: string; id: string; version: number; document: object }

/** What became of an operation; they answer in order. */
export interface BulkItem {
  /** As HTTP: 201 and 200 stored, 409 there already, or newer; 429 and 5xx may work later; other 4xx never. */
  status: number
  /** The store's name for the fault, such as `mapper_parsing_exception`. */
  type?: string
  reason?: string
}

/** Where events and views are searched: OpenSearch, or what stands for it when faults are made. */
export interface SearchIndex {
  /** Writes by `_bulk`. Rejects when the call as a whole failed or took longer than `timeoutMs`: each operation may be stored or not. */
  bulk(operations: BulkOperation[], timeoutMs: number): Promise<BulkItem[]>
}
