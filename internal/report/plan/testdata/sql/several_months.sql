PREPARE page AS
WITH k AS MATERIALIZED (
  WITH near AS MATERIALIZED (
    SELECT k.started_at, k.id FROM unnest($1::text[]::contact_type[], $2::text[]::contact_status[]) v (x, y) CROSS JOIN LATERAL (
      SELECT c.started_at, c.id FROM (SELECT * FROM contacts WHERE started_at >= '2024-03-01 00:00:00Z' AND started_at < '2024-04-01 00:00:00Z') c
      WHERE c.type = v.x AND c.status = v.y AND c.started_at >= $3 AND c.started_at < $4
      ORDER BY c.started_at DESC, c.id DESC
      LIMIT 51
    ) k
    ORDER BY k.started_at DESC, k.id DESC
    LIMIT 51
  )
  SELECT k.started_at, k.id FROM ((
      SELECT started_at, id FROM near
    )
    UNION ALL
    (
      SELECT k.started_at, k.id FROM (
        SELECT k.started_at, k.id FROM unnest($6::timestamptz[], $7::timestamptz[]) WITH ORDINALITY d (a, b, o) CROSS JOIN LATERAL (
          SELECT k.started_at, k.id FROM unnest($1::text[]::contact_type[], $2::text[]::contact_status[]) v (x, y) CROSS JOIN LATERAL (
            SELECT c.started_at, c.id FROM (SELECT * FROM contacts WHERE started_at >= '2023-12-01 00:00:00Z' AND started_at < '2024-04-01 00:00:00Z') c
            WHERE c.type = v.x AND c.status = v.y AND c.started_at >= d.a AND c.started_at < d.b AND c.started_at >= $5 AND c.started_at < $3
            ORDER BY c.started_at DESC, c.id DESC
            LIMIT 51
          ) k
          ORDER BY k.started_at DESC, k.id DESC
          LIMIT 51
        ) k
        ORDER BY d.o, k.started_at DESC, k.id DESC
        LIMIT 51
      ) k WHERE (SELECT count(*) < 51 FROM near)
  )) k
  ORDER BY k.started_at DESC, k.id DESC
  LIMIT 51
)
SELECT c.id, c.started_at, c.type
FROM k CROSS JOIN LATERAL (
  SELECT c.id, c.started_at, c.type FROM (SELECT * FROM contacts WHERE started_at >= '2023-12-01 00:00:00Z' AND started_at < '2024-04-01 00:00:00Z') c
  WHERE c.started_at = k.started_at AND c.id = k.id AND c.started_at >= $5 AND c.started_at < $4
  OFFSET 0
) c
ORDER BY c.started_at DESC, c.id DESC
;
EXECUTE page (
  '{CAMPAIGN_INBOUND_CALL,CHAT,CONSULTATION,EXTERNAL_TRANSFER,INBOUND_CALL,INBOUND_EMAIL,INBOUND_SMS,MESSENGER_CHAT,MOBILE_INBOUND_CALL,MOBILE_OUTBOUND_CALL,OTHER,OUTBOUND_CALL,OUTBOUND_EMAIL,OUTBOUND_SMS,POST_CALL_SURVEY,SITECALL_AGENT_LEG,SITECALL_CUSTOMER_LEG,VOICE_MAILING_SURVEY}',
  '{BUSY,BUSY,BUSY,BUSY,BUSY,BUSY,BUSY,BUSY,BUSY,BUSY,BUSY,BUSY,BUSY,BUSY,BUSY,BUSY,BUSY,BUSY}',
  '2024-03-01T22:00:00Z',
  '2024-03-31T22:00:00Z',
  '2023-12-31T23:00:00Z',
  '{2024-03-01T00:00:00Z,2024-02-01T00:00:00Z,2024-01-01T00:00:00Z,2023-12-31T23:00:00Z}',
  '{2024-03-01T22:00:00Z,2024-03-01T00:00:00Z,2024-02-01T00:00:00Z,2024-01-01T00:00:00Z}'
);
DEALLOCATE page;

PREPARE count AS
SELECT coalesce(sum(k.n), 0) AS n FROM unnest($1::text[]::contact_type[], $2::text[]::contact_status[]) v (x, y) CROSS JOIN LATERAL (
  SELECT count(*) AS n FROM (SELECT * FROM contacts WHERE started_at >= '2023-12-01 00:00:00Z' AND started_at < '2024-04-01 00:00:00Z') c
  WHERE c.type = v.x AND c.status = v.y AND c.started_at >= $3 AND c.started_at < $4
) k
;
EXECUTE count (
  '{CAMPAIGN_INBOUND_CALL,CHAT,CONSULTATION,EXTERNAL_TRANSFER,INBOUND_CALL,INBOUND_EMAIL,INBOUND_SMS,MESSENGER_CHAT,MOBILE_INBOUND_CALL,MOBILE_OUTBOUND_CALL,OTHER,OUTBOUND_CALL,OUTBOUND_EMAIL,OUTBOUND_SMS,POST_CALL_SURVEY,SITECALL_AGENT_LEG,SITECALL_CUSTOMER_LEG,VOICE_MAILING_SURVEY}',
  '{BUSY,BUSY,BUSY,BUSY,BUSY,BUSY,BUSY,BUSY,BUSY,BUSY,BUSY,BUSY,BUSY,BUSY,BUSY,BUSY,BUSY,BUSY}',
  '2023-12-31T23:00:00Z',
  '2024-03-31T22:00:00Z'
);
DEALLOCATE count;

PREPARE file AS
SELECT c.id, c.started_at, c.type
FROM (SELECT * FROM contacts WHERE started_at >= '2023-12-01 00:00:00Z' AND started_at < '2024-04-01 00:00:00Z') c
WHERE c.started_at >= $1 AND c.started_at < $2 AND c.status = $3::text::contact_status
ORDER BY c.started_at DESC, c.id DESC
;
EXECUTE file (
  '2023-12-31T23:00:00Z',
  '2024-03-31T22:00:00Z',
  'BUSY'
);
DEALLOCATE file;
