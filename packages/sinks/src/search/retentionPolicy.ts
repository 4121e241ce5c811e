/** What the policy is called. */
export const RETENTION_POLICY = 'viewbeat-events'

/**
 * Index State Management's rule that deletes a day's events so many days after its index was made.
 * https://docs.opensearch.org/latest/im-plugin/ism/policies/
 */
export const retentionPolicy = (days: number) => ({
  policy: {
    description: `Deletes the events of a day after ${days} days`,
    default_state: 'kept',
    states: [
      {
        name: 'kept',
        actions: [],
        transitions: [{ state_name: 'deleted', conditions: { min_index_age: `${days}d` } }],
      },
      { name: 'deleted', actions: [{ delete: {} }], transitions: [] },
    ],
    ism_template: [{ index_patterns: ['viewbeat-events-*'], priority: 100 }],
  },
})
