PREPARE page AS
WITH k AS MATERIALIZED (
  SELECT c.started_at, c.id FROM (SELECT * FROM contacts WHERE started_at >= '2024-03-01 00:00:00Z' AND started_at < '2024-05-01 00:00:00Z') c
  WHERE c.outcome IN ('LOST_IN_IVR', 'LOST_IN_QUEUE', 'LOST_WHILE_RINGING', 'LOST_AT_VOICEMAIL', 'LOST_BY_FAILURE') AND c.started_at >= $1 AND c.started_at < $2 AND ((c.outcome IN ('LOST_IN_IVR', 'LOST_IN_QUEUE', 'LOST_WHILE_RINGING', 'LOST_AT_VOICEMAIL', 'LOST_BY_FAILURE') AND (
        SELECT CASE
        WHEN l.number IS NULL AND l.record_id IS NULL THEN 'UNKNOWN'
        ELSE coalesce((
            SELECT CASE WHEN c.type IN ('OUTBOUND_CALL', 'MOBILE_OUTBOUND_CALL', 'SITECALL_CUSTOMER_LEG') THEN 'CALLED_BACK' ELSE 'CALLED_AGAIN' END FROM (
              (SELECT c.started_at, c.id, c.type FROM contacts c
                WHERE c.source_key = l.number AND c.started_at >= '2024-03-01 00:00:00Z' AND c.started_at < '2024-05-01 00:00:00Z' AND c.started_at > l.started_at AND c.started_at <= l.started_at + make_interval(hours => $3::int) AND (c.outcome = 'REACHED_AGENT') IS TRUE AND (c.type IN ('CAMPAIGN_INBOUND_CALL', 'INBOUND_CALL', 'MOBILE_INBOUND_CALL', 'CHAT', 'MESSENGER_CHAT')) IS TRUE
                ORDER BY c.started_at, c.id
                LIMIT 1)
              UNION ALL
              (SELECT c.started_at, c.id, c.type FROM contacts c
                WHERE c.destination_key = l.number AND c.started_at >= '2024-03-01 00:00:00Z' AND c.started_at < '2024-05-01 00:00:00Z' AND c.started_at > l.started_at AND c.started_at <= l.started_at + make_interval(hours => $3::int) AND (c.outcome = 'REACHED_AGENT') IS TRUE AND (c.type IN ('OUTBOUND_CALL', 'MOBILE_OUTBOUND_CALL', 'SITECALL_CUSTOMER_LEG')) IS TRUE
                ORDER BY c.started_at, c.id
                LIMIT 1)
              UNION ALL
              (SELECT c.started_at, c.id, c.type FROM contacts c
                WHERE c.record_id = l.record_id AND c.started_at >= '2024-03-01 00:00:00Z' AND c.started_at < '2024-05-01 00:00:00Z' AND c.started_at > l.started_at AND c.started_at <= l.started_at + make_interval(hours => $3::int) AND (c.outcome = 'REACHED_AGENT') IS TRUE
                ORDER BY c.started_at, c.id
                LIMIT 1)
            ) c
            ORDER BY c.started_at, c.id
            LIMIT 1
          ), CASE WHEN EXISTS (SELECT FROM contacts c WHERE c.destination_key = l.number AND c.started_at >= '2024-03-01 00:00:00Z' AND c.started_at < '2024-05-01 00:00:00Z' AND c.started_at > l.started_at AND c.started_at <= l.started_at + make_interval(hours => $4::int) AND (c.outcome = 'NOT_REACHED') IS TRUE) OR EXISTS (SELECT FROM contacts c WHERE c.record_id = l.record_id AND c.started_at >= '2024-03-01 00:00:00Z' AND c.started_at < '2024-05-01 00:00:00Z' AND c.started_at > l.started_at AND c.started_at <= l.started_at + make_interval(hours => $4::int) AND (c.outcome = 'NOT_REACHED') IS TRUE) THEN 'TRIED' ELSE 'NONE' END)
        END
        FROM (SELECT c.started_at, CASE WHEN c.client IS NOT NULL THEN c.source_key END AS number, CASE WHEN c.client IS NULL THEN c.record_id END AS record_id) l
      ) = ANY ($5::text[]))) IS TRUE
  ORDER BY c.started_at DESC, c.id DESC
  LIMIT 51
)
SELECT c.id, c.started_at, c.type
FROM k CROSS JOIN LATERAL (
  SELECT c.id, c.started_at, c.type FROM (SELECT * FROM contacts WHERE started_at >= '2024-03-01 00:00:00Z' AND started_at < '2024-05-01 00:00:00Z') c
  WHERE c.started_at = k.started_at AND c.id = k.id AND c.started_at >= $1 AND c.started_at < $2
  OFFSET 0
) c
ORDER BY c.started_at DESC, c.id DESC
;
EXECUTE page (
  '2024-03-29T23:00:00Z',
  '2024-04-01T22:00:00Z',
  24,
  24,
  '{NONE,TRIED}'
);
DEALLOCATE page;

PREPARE count AS
SELECT count(*) AS n FROM (SELECT * FROM contacts WHERE started_at >= '2024-03-01 00:00:00Z' AND started_at < '2024-05-01 00:00:00Z') c
WHERE c.started_at >= $1 AND c.started_at < $2 AND (c.outcome IN ('LOST_IN_IVR', 'LOST_IN_QUEUE', 'LOST_WHILE_RINGING', 'LOST_AT_VOICEMAIL', 'LOST_BY_FAILURE') AND (
    SELECT CASE
    WHEN l.number IS NULL AND l.record_id IS NULL THEN 'UNKNOWN'
    ELSE coalesce((
        SELECT CASE WHEN c.type IN ('OUTBOUND_CALL', 'MOBILE_OUTBOUND_CALL', 'SITECALL_CUSTOMER_LEG') THEN 'CALLED_BACK' ELSE 'CALLED_AGAIN' END FROM (
          (SELECT c.started_at, c.id, c.type FROM contacts c
            WHERE c.source_key = l.number AND c.started_at >= '2024-03-01 00:00:00Z' AND c.started_at < '2024-05-01 00:00:00Z' AND c.started_at > l.started_at AND c.started_at <= l.started_at + make_interval(hours => $3::int) AND (c.outcome = 'REACHED_AGENT') IS TRUE AND (c.type IN ('CAMPAIGN_INBOUND_CALL', 'INBOUND_CALL', 'MOBILE_INBOUND_CALL', 'CHAT', 'MESSENGER_CHAT')) IS TRUE
            ORDER BY c.started_at, c.id
            LIMIT 1)
          UNION ALL
          (SELECT c.started_at, c.id, c.type FROM contacts c
            WHERE c.destination_key = l.number AND c.started_at >= '2024-03-01 00:00:00Z' AND c.started_at < '2024-05-01 00:00:00Z' AND c.started_at > l.started_at AND c.started_at <= l.started_at + make_interval(hours => $3::int) AND (c.outcome = 'REACHED_AGENT') IS TRUE AND (c.type IN ('OUTBOUND_CALL', 'MOBILE_OUTBOUND_CALL', 'SITECALL_CUSTOMER_LEG')) IS TRUE
            ORDER BY c.started_at, c.id
            LIMIT 1)
          UNION ALL
          (SELECT c.started_at, c.id, c.type FROM contacts c
            WHERE c.record_id = l.record_id AND c.started_at >= '2024-03-01 00:00:00Z' AND c.started_at < '2024-05-01 00:00:00Z' AND c.started_at > l.started_at AND c.started_at <= l.started_at + make_interval(hours => $3::int) AND (c.outcome = 'REACHED_AGENT') IS TRUE
            ORDER BY c.started_at, c.id
            LIMIT 1)
        ) c
        ORDER BY c.started_at, c.id
        LIMIT 1
      ), CASE WHEN EXISTS (SELECT FROM contacts c WHERE c.destination_key = l.number AND c.started_at >= '2024-03-01 00:00:00Z' AND c.started_at < '2024-05-01 00:00:00Z' AND c.started_at > l.started_at AND c.started_at <= l.started_at + make_interval(hours => $4::int) AND (c.outcome = 'NOT_REACHED') IS TRUE) OR EXISTS (SELECT FROM contacts c WHERE c.record_id = l.record_id AND c.started_at >= '2024-03-01 00:00:00Z' AND c.started_at < '2024-05-01 00:00:00Z' AND c.started_at > l.started_at AND c.started_at <= l.started_at + make_interval(hours => $4::int) AND (c.outcome = 'NOT_REACHED') IS TRUE) THEN 'TRIED' ELSE 'NONE' END)
    END
    FROM (SELECT c.started_at, CASE WHEN c.client IS NOT NULL THEN c.source_key END AS number, CASE WHEN c.client IS NULL THEN c.record_id END AS record_id) l
  ) = ANY ($5::text[]))
;
EXECUTE count (
  '2024-03-29T23:00:00Z',
  '2024-04-01T22:00:00Z',
  24,
  24,
  '{NONE,TRIED}'
);
DEALLOCATE count;

PREPARE file AS
SELECT c.id, c.started_at, c.type
FROM (SELECT * FROM contacts WHERE started_at >= '2024-03-01 00:00:00Z' AND started_at < '2024-05-01 00:00:00Z') c
WHERE c.started_at >= $1 AND c.started_at < $2 AND (c.outcome IN ('LOST_IN_IVR', 'LOST_IN_QUEUE', 'LOST_WHILE_RINGING', 'LOST_AT_VOICEMAIL', 'LOST_BY_FAILURE') AND (
    SELECT CASE
    WHEN l.number IS NULL AND l.record_id IS NULL THEN 'UNKNOWN'
    ELSE coalesce((
        SELECT CASE WHEN c.type IN ('OUTBOUND_CALL', 'MOBILE_OUTBOUND_CALL', 'SITECALL_CUSTOMER_LEG') THEN 'CALLED_BACK' ELSE 'CALLED_AGAIN' END FROM (
          (SELECT c.started_at, c.id, c.type FROM contacts c
            WHERE c.source_key = l.number AND c.started_at >= '2024-03-01 00:00:00Z' AND c.started_at < '2024-05-01 00:00:00Z' AND c.started_at > l.started_at AND c.started_at <= l.started_at + make_interval(hours => $3::int) AND (c.outcome = 'REACHED_AGENT') IS TRUE AND (c.type IN ('CAMPAIGN_INBOUND_CALL', 'INBOUND_CALL', 'MOBILE_INBOUND_CALL', 'CHAT', 'MESSENGER_CHAT')) IS TRUE
            ORDER BY c.started_at, c.id
            LIMIT 1)
          UNION ALL
          (SELECT c.started_at, c.id, c.type FROM contacts c
            WHERE c.destination_key = l.number AND c.started_at >= '2024-03-01 00:00:00Z' AND c.started_at < '2024-05-01 00:00:00Z' AND c.started_at > l.started_at AND c.started_at <= l.started_at + make_interval(hours => $3::int) AND (c.outcome = 'REACHED_AGENT') IS TRUE AND (c.type IN ('OUTBOUND_CALL', 'MOBILE_OUTBOUND_CALL', 'SITECALL_CUSTOMER_LEG')) IS TRUE
            ORDER BY c.started_at, c.id
            LIMIT 1)
          UNION ALL
          (SELECT c.started_at, c.id, c.type FROM contacts c
            WHERE c.record_id = l.record_id AND c.started_at >= '2024-03-01 00:00:00Z' AND c.started_at < '2024-05-01 00:00:00Z' AND c.started_at > l.started_at AND c.started_at <= l.started_at + make_interval(hours => $3::int) AND (c.outcome = 'REACHED_AGENT') IS TRUE
            ORDER BY c.started_at, c.id
            LIMIT 1)
        ) c
        ORDER BY c.started_at, c.id
        LIMIT 1
      ), CASE WHEN EXISTS (SELECT FROM contacts c WHERE c.destination_key = l.number AND c.started_at >= '2024-03-01 00:00:00Z' AND c.started_at < '2024-05-01 00:00:00Z' AND c.started_at > l.started_at AND c.started_at <= l.started_at + make_interval(hours => $4::int) AND (c.outcome = 'NOT_REACHED') IS TRUE) OR EXISTS (SELECT FROM contacts c WHERE c.record_id = l.record_id AND c.started_at >= '2024-03-01 00:00:00Z' AND c.started_at < '2024-05-01 00:00:00Z' AND c.started_at > l.started_at AND c.started_at <= l.started_at + make_interval(hours => $4::int) AND (c.outcome = 'NOT_REACHED') IS TRUE) THEN 'TRIED' ELSE 'NONE' END)
    END
    FROM (SELECT c.started_at, CASE WHEN c.client IS NOT NULL THEN c.source_key END AS number, CASE WHEN c.client IS NULL THEN c.record_id END AS record_id) l
  ) = ANY ($5::text[]))
ORDER BY c.started_at DESC, c.id DESC
;
EXECUTE file (
  '2024-03-29T23:00:00Z',
  '2024-04-01T22:00:00Z',
  24,
  24,
  '{NONE,TRIED}'
);
DEALLOCATE file;
