SELECT content_id, count(*) AS views, median(startup_ms) AS startup_ms,
       sum(rebuffering_ms) / sum(rebuffering_ms + playing_ms) AS rebuffer_ratio,
       count(*) FILTER (outcome = 'exit_before_start' AND (record->>'$.play_request_count')::INT > 0) AS left_before_start
FROM views
GROUP BY content_id
ORDER BY views DESC
