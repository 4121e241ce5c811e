/**
 * The embedded store's tables. Columns are what people ask about first; `event` and `record` hold the whole as JSON:
 * `SELECT event->>'$.totals.playing_ms' FROM events WHERE type = 'heartbeat'`. Times are UTC.
 */
export const TABLES = `
  CREATE TABLE IF NOT EXISTS events (
    view_id VARCHAR, seq BIGINT, type VARCHAR, state VARCHAR, ts TIMESTAMP, t_ms BIGINT, playhead_ms BIGINT,
    publisher VARCHAR, received_at TIMESTAMP, stored_at TIMESTAMP, event JSON,
    PRIMARY KEY (view_id, seq)
  );
  CREATE TABLE IF NOT EXISTS views (
    view_id VARCHAR PRIMARY KEY, seq BIGINT, publisher VARCHAR, content_id VARCHAR, started_at TIMESTAMP,
    received_at TIMESTAMP, state VARCHAR, outcome VARCHAR, startup_ms BIGINT, playing_ms BIGINT,
    rebuffering_ms BIGINT, rebuffer_count BIGINT, rebuffer_ratio DOUBLE, record JSON
  );
  CREATE TABLE IF NOT EXISTS quarantined (
    view_id VARCHAR, seq BIGINT, code VARCHAR, path VARCHAR, message VARCHAR, received_at TIMESTAMP, stage VARCHAR
  );
`
