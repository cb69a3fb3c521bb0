PREPARE page AS
WITH k AS MATERIALIZED (
  SELECT k.started_at, k.id FROM unnest($1::text[]::contact_type[], $2::text[]::contact_status[]) v (x, y) CROSS JOIN LATERAL (
    SELECT c.started_at, c.id FROM (SELECT * FROM contacts WHERE started_at >= '2024-03-01 00:00:00Z' AND started_at < '2024-05-01 00:00:00Z') c
    WHERE c.type = v.x AND c.status = v.y AND c.started_at >= $3 AND c.started_at < $4 AND ((c.client IS NOT NULL AND c.type IN ('CAMPAIGN_INBOUND_CALL', 'INBOUND_CALL', 'MOBILE_INBOUND_CALL', 'CHAT', 'MESSENGER_CHAT') AND (
          SELECT EXISTS (
            SELECT FROM contacts c WHERE c.source_key = l.source_key AND c.started_at >= '2024-03-01 00:00:00Z' AND c.started_at < '2024-05-01 00:00:00Z' AND c.started_at >= l.started_at - make_interval(hours => $5::int) AND c.started_at <= l.started_at AND (c.started_at, c.id) < (l.started_at, l.id) AND (c.type IN ('CAMPAIGN_INBOUND_CALL', 'INBOUND_CALL', 'MOBILE_INBOUND_CALL', 'CHAT', 'MESSENGER_CHAT') AND c.client IS NOT NULL) IS TRUE
          )
          FROM (SELECT c.started_at, c.id, c.source_key) l
    ))) IS TRUE
    ORDER BY c.started_at DESC, c.id DESC
    LIMIT 51
  ) k
  ORDER BY k.started_at DESC, k.id DESC
  LIMIT 51
)
SELECT c.id, c.started_at, c.type
FROM k CROSS JOIN LATERAL (
  SELECT c.id, c.started_at, c.type FROM (SELECT * FROM contacts WHERE started_at >= '2024-03-01 00:00:00Z' AND started_at < '2024-05-01 00:00:00Z') c
  WHERE c.started_at = k.started_at AND c.id = k.id AND c.started_at >= $3 AND c.started_at < $4
  OFFSET 0
) c
ORDER BY c.started_at DESC, c.id DESC
;
EXECUTE page (
  '{CAMPAIGN_INBOUND_CALL,CAMPAIGN_INBOUND_CALL,CAMPAIGN_INBOUND_CALL,CAMPAIGN_INBOUND_CALL,CAMPAIGN_INBOUND_CALL,CAMPAIGN_INBOUND_CALL,CAMPAIGN_INBOUND_CALL}',
  '{ANSWERED,BUSY,CLASSIFIER,FAILED,NO_ANSWER,PENDING,RINGING}',
  '2024-03-29T23:00:00Z',
  '2024-04-01T22:00:00Z',
  168
);
DEALLOCATE page;

PREPARE count AS
SELECT count(*) AS n FROM (SELECT * FROM contacts WHERE started_at >= '2024-03-01 00:00:00Z' AND started_at < '2024-05-01 00:00:00Z') c
WHERE c.started_at >= $1 AND c.started_at < $2 AND (c.client IS NOT NULL AND c.type IN ('CAMPAIGN_INBOUND_CALL', 'INBOUND_CALL', 'MOBILE_INBOUND_CALL', 'CHAT', 'MESSENGER_CHAT') AND (
    SELECT EXISTS (
      SELECT FROM contacts c WHERE c.source_key = l.source_key AND c.started_at >= '2024-03-01 00:00:00Z' AND c.started_at < '2024-05-01 00:00:00Z' AND c.started_at >= l.started_at - make_interval(hours => $3::int) AND c.started_at <= l.started_at AND (c.started_at, c.id) < (l.started_at, l.id) AND (c.type IN ('CAMPAIGN_INBOUND_CALL', 'INBOUND_CALL', 'MOBILE_INBOUND_CALL', 'CHAT', 'MESSENGER_CHAT') AND c.client IS NOT NULL) IS TRUE
    )
    FROM (SELECT c.started_at, c.id, c.source_key) l
)) AND c.type = $4::text::contact_type
;
EXECUTE count (
  '2024-03-29T23:00:00Z',
  '2024-04-01T22:00:00Z',
  168,
  'CAMPAIGN_INBOUND_CALL'
);
DEALLOCATE count;

PREPARE file AS
SELECT c.id, c.started_at, c.type
FROM (SELECT * FROM contacts WHERE started_at >= '2024-03-01 00:00:00Z' AND started_at < '2024-05-01 00:00:00Z') c
WHERE c.started_at >= $1 AND c.started_at < $2 AND (c.client IS NOT NULL AND c.type IN ('CAMPAIGN_INBOUND_CALL', 'INBOUND_CALL', 'MOBILE_INBOUND_CALL', 'CHAT', 'MESSENGER_CHAT') AND (
    SELECT EXISTS (
      SELECT FROM contacts c WHERE c.source_key = l.source_key AND c.started_at >= '2024-03-01 00:00:00Z' AND c.started_at < '2024-05-01 00:00:00Z' AND c.started_at >= l.started_at - make_interval(hours => $3::int) AND c.started_at <= l.started_at AND (c.started_at, c.id) < (l.started_at, l.id) AND (c.type IN ('CAMPAIGN_INBOUND_CALL', 'INBOUND_CALL', 'MOBILE_INBOUND_CALL', 'CHAT', 'MESSENGER_CHAT') AND c.client IS NOT NULL) IS TRUE
    )
    FROM (SELECT c.started_at, c.id, c.source_key) l
)) AND c.type = $4::text::contact_type
ORDER BY c.started_at DESC, c.id DESC
;
EXECUTE file (
  '2024-03-29T23:00:00Z',
  '2024-04-01T22:00:00Z',
  168,
  'CAMPAIGN_INBOUND_CALL'
);
DEALLOCATE file;
