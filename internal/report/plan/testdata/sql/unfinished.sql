PREPARE page AS
WITH k AS MATERIALIZED (
  SELECT k.started_at, k.id FROM unnest($1::text[]::contact_type[], $2::text[]::contact_status[]) v (x, y) CROSS JOIN LATERAL (
    SELECT k.started_at, k.id FROM unnest($3::timestamptz[], $4::timestamptz[]) WITH ORDINALITY d (a, b, o) CROSS JOIN LATERAL (
      SELECT c.started_at, c.id FROM contacts c
      WHERE c.type = v.x AND c.status = v.y AND c.started_at >= d.a AND c.started_at < d.b AND false
      ORDER BY c.started_at DESC, c.id DESC
      LIMIT 51
    ) k
    ORDER BY d.o, k.started_at DESC, k.id DESC
    LIMIT 51
  ) k
  ORDER BY k.started_at DESC, k.id DESC
  LIMIT 51
)
SELECT c.id, c.started_at, c.type
FROM k CROSS JOIN LATERAL (
  SELECT c.id, c.started_at, c.type FROM contacts c
  WHERE c.started_at = k.started_at AND c.id = k.id AND false
  OFFSET 0
) c
ORDER BY c.started_at DESC, c.id DESC
;
EXECUTE page (
  '{CAMPAIGN_INBOUND_CALL,CHAT,CONSULTATION,EXTERNAL_TRANSFER,INBOUND_CALL,INBOUND_EMAIL,INBOUND_SMS,MESSENGER_CHAT,MOBILE_INBOUND_CALL,MOBILE_OUTBOUND_CALL,OTHER,OUTBOUND_CALL,OUTBOUND_EMAIL,OUTBOUND_SMS,POST_CALL_SURVEY,SITECALL_AGENT_LEG,SITECALL_CUSTOMER_LEG,VOICE_MAILING_SURVEY}',
  '{RINGING,RINGING,RINGING,RINGING,RINGING,RINGING,RINGING,RINGING,RINGING,RINGING,RINGING,RINGING,RINGING,RINGING,RINGING,RINGING,RINGING,RINGING}',
  '{}',
  '{}'
);
DEALLOCATE page;

PREPARE count AS
SELECT coalesce(sum(k.n), 0) AS n FROM unnest($1::text[]::contact_type[], $2::text[]::contact_status[]) v (x, y) CROSS JOIN LATERAL (
  SELECT count(*) AS n FROM contacts c
  WHERE c.type = v.x AND c.status = v.y AND false
) k
;
EXECUTE count (
  '{CAMPAIGN_INBOUND_CALL,CHAT,CONSULTATION,EXTERNAL_TRANSFER,INBOUND_CALL,INBOUND_EMAIL,INBOUND_SMS,MESSENGER_CHAT,MOBILE_INBOUND_CALL,MOBILE_OUTBOUND_CALL,OTHER,OUTBOUND_CALL,OUTBOUND_EMAIL,OUTBOUND_SMS,POST_CALL_SURVEY,SITECALL_AGENT_LEG,SITECALL_CUSTOMER_LEG,VOICE_MAILING_SURVEY}',
  '{RINGING,RINGING,RINGING,RINGING,RINGING,RINGING,RINGING,RINGING,RINGING,RINGING,RINGING,RINGING,RINGING,RINGING,RINGING,RINGING,RINGING,RINGING}'
);
DEALLOCATE count;

PREPARE file AS
SELECT c.id, c.started_at, c.type
FROM unnest($1::timestamptz[], $2::timestamptz[]) d (a, b) CROSS JOIN LATERAL (
  SELECT c.id, c.started_at, c.type FROM contacts c
  WHERE c.started_at >= d.a AND c.started_at < d.b AND c.status = $3::text::contact_status
  OFFSET 0
) c
ORDER BY c.started_at DESC, c.id DESC
;
EXECUTE file (
  '{}',
  '{}',
  'RINGING'
);
DEALLOCATE file;
