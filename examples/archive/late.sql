-- DuckDB: events of a day by the device's clock, whenever they came: an event can be as late as its device was offline.
SELECT dt AS received_on, count(*) AS events
FROM (
  FROM read_json('archive/events/*/*/*.ndjson.gz', hive_partitioning = true, union_by_name = true)
  WHERE dt BETWEEN '2026-11-19' AND '2026-11-26'
    AND to_timestamp(ts / 1000) >= '2026-11-19T00:00:00Z' AND to_timestamp(ts / 1000) < '2026-11-20T00:00:00Z'
  QUALIFY row_number() OVER (PARTITION BY view_id, seq) = 1
)
GROUP BY ALL
ORDER BY ALL;
