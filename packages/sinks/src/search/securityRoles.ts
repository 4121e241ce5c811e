/** What the writing function may do: https://docs.opensearch.org/latest/security/access-control/permissions/ */
export const WRITER = {
  // It reads view records by their ids, to settle which of two copies stays.
  cluster_permissions: ['indices:data/write/bulk', 'indices:data/read/mget*'],
  index_permissions: [
    {
      index_patterns: ['viewbeat-*'],
      allowed_actions: [
        'create_index',
        'write',
        'read',
        'indices:admin/mapping/put',
        'indices:admin/refresh*',
      ],
    },
  ],
}

/** What the function that answers for a view may do. */
export const READER = {
  cluster_permissions: ['indices:data/read/mget*'],
  index_permissions: [
    { index_patterns: ['viewbeat-*'], allowed_actions: ['read', 'indices:admin/refresh*'] },
  ],
}
