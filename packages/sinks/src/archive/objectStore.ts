/** Where objects are kept: S3, or a folder that stands for a bucket. */
export interface ObjectStore {
  /**
   * Resolves when the object is safe under `key`, in place of any older one. Readers never see half of it. Rejects when it
   * was not taken, or not within `timeoutMs`: then it is there or not.
   */
  putObject(key: string, body: Uint8Array, timeoutMs: number): Promise<void>
}
