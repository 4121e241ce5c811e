-- DuckDB: events of a day, each once. `dt` and `hour` are folders, so that other days are not read.
SELECT to_timestamp(ts / 1000) AS happened, view_id, seq, type, context.content.id AS content_id
FROM read_json('archive/events/*/*/*.ndjson.gz', hive_partitioning = true, union_by_name = true)
WHERE dt = '2026-11-22'
QUALIFY row_number() OVER (PARTITION BY view_id, seq) = 1
ORDER BY view_id, seq;
