PREPARE page AS
WITH size AS MATERIALIZED (
  SELECT (SELECT count(*) FROM ((SELECT 1 FROM (SELECT * FROM contacts WHERE started_at >= '2024-03-01 00:00:00Z' AND started_at < '2024-05-01 00:00:00Z') c WHERE c.campaign_id = $1::int AND c.started_at >= $4 AND c.started_at < $5 LIMIT 1000)) k) AS n1,
  (SELECT count(*) FROM ((SELECT 1 FROM unnest($2::text[]::contact_type[], $3::text[]::contact_status[]) v (x, y) CROSS JOIN LATERAL (SELECT 1 FROM (SELECT * FROM contacts WHERE started_at >= '2024-03-01 00:00:00Z' AND started_at < '2024-05-01 00:00:00Z') c WHERE c.type = v.x AND c.status = v.y AND c.started_at >= $4 AND c.started_at < $5 LIMIT 1000) k LIMIT 1000)) k) AS n2
), k AS MATERIALIZED (
  SELECT k.started_at, k.id FROM ((SELECT k.started_at, k.id FROM (
        SELECT c.started_at, c.id FROM (SELECT * FROM contacts WHERE started_at >= '2024-03-01 00:00:00Z' AND started_at < '2024-05-01 00:00:00Z') c
        WHERE c.campaign_id = $1::int AND c.started_at >= $4 AND c.started_at < $5 AND c.status = ANY ($6::text[]::contact_status[])
        ORDER BY c.started_at DESC, c.id DESC
        LIMIT 51
      ) k WHERE (SELECT n1 <= n2 FROM size))
    UNION ALL
    (SELECT k.started_at, k.id FROM (
        SELECT k.started_at, k.id FROM unnest($2::text[]::contact_type[], $3::text[]::contact_status[]) v (x, y) CROSS JOIN LATERAL (
          SELECT c.started_at, c.id FROM (SELECT * FROM contacts WHERE started_at >= '2024-03-01 00:00:00Z' AND started_at < '2024-05-01 00:00:00Z') c
          WHERE c.type = v.x AND c.status = v.y AND c.started_at >= $4 AND c.started_at < $5 AND (c.campaign_id = $7::int) IS TRUE
          ORDER BY c.started_at DESC, c.id DESC
          LIMIT 51
        ) k
        ORDER BY k.started_at DESC, k.id DESC
        LIMIT 51
      ) k WHERE (SELECT n2 < n1 FROM size))) k
  ORDER BY k.started_at DESC, k.id DESC
  LIMIT 51
)
SELECT c.id, c.started_at, c.type
FROM k CROSS JOIN LATERAL (
  SELECT c.id, c.started_at, c.type FROM (SELECT * FROM contacts WHERE started_at >= '2024-03-01 00:00:00Z' AND started_at < '2024-05-01 00:00:00Z') c
  WHERE c.started_at = k.started_at AND c.id = k.id AND c.started_at >= $4 AND c.started_at < $5
  OFFSET 0
) c
ORDER BY c.started_at DESC, c.id DESC
;
EXECUTE page (
  1,
  '{CAMPAIGN_INBOUND_CALL,CAMPAIGN_INBOUND_CALL,CHAT,CHAT,CONSULTATION,CONSULTATION,EXTERNAL_TRANSFER,EXTERNAL_TRANSFER,INBOUND_CALL,INBOUND_CALL,INBOUND_EMAIL,INBOUND_EMAIL,INBOUND_SMS,INBOUND_SMS,MESSENGER_CHAT,MESSENGER_CHAT,MOBILE_INBOUND_CALL,MOBILE_INBOUND_CALL,MOBILE_OUTBOUND_CALL,MOBILE_OUTBOUND_CALL,OTHER,OTHER,OUTBOUND_CALL,OUTBOUND_CALL,OUTBOUND_EMAIL,OUTBOUND_EMAIL,OUTBOUND_SMS,OUTBOUND_SMS,POST_CALL_SURVEY,POST_CALL_SURVEY,SITECALL_AGENT_LEG,SITECALL_AGENT_LEG,SITECALL_CUSTOMER_LEG,SITECALL_CUSTOMER_LEG,VOICE_MAILING_SURVEY,VOICE_MAILING_SURVEY}',
  '{BUSY,FAILED,BUSY,FAILED,BUSY,FAILED,BUSY,FAILED,BUSY,FAILED,BUSY,FAILED,BUSY,FAILED,BUSY,FAILED,BUSY,FAILED,BUSY,FAILED,BUSY,FAILED,BUSY,FAILED,BUSY,FAILED,BUSY,FAILED,BUSY,FAILED,BUSY,FAILED,BUSY,FAILED,BUSY,FAILED}',
  '2024-03-29T23:00:00Z',
  '2024-04-01T22:00:00Z',
  '{BUSY,FAILED}',
  1
);
DEALLOCATE page;

PREPARE count AS
SELECT count(*) AS n FROM (SELECT * FROM contacts WHERE started_at >= '2024-03-01 00:00:00Z' AND started_at < '2024-05-01 00:00:00Z') c
WHERE c.started_at >= $1 AND c.started_at < $2 AND c.campaign_id = $3::int AND c.status = ANY ($4::text[]::contact_status[])
;
EXECUTE count (
  '2024-03-29T23:00:00Z',
  '2024-04-01T22:00:00Z',
  1,
  '{BUSY,FAILED}'
);
DEALLOCATE count;

PREPARE file AS
SELECT c.id, c.started_at, c.type
FROM (SELECT * FROM contacts WHERE started_at >= '2024-03-01 00:00:00Z' AND started_at < '2024-05-01 00:00:00Z') c
WHERE c.started_at >= $1 AND c.started_at < $2 AND c.campaign_id = $3::int AND c.status = ANY ($4::text[]::contact_status[])
ORDER BY c.started_at DESC, c.id DESC
;
EXECUTE file (
  '2024-03-29T23:00:00Z',
  '2024-04-01T22:00:00Z',
  1,
  '{BUSY,FAILED}'
);
DEALLOCATE file;
