PREPARE page AS
WITH size AS MATERIALIZED (
  SELECT (SELECT count(*) FROM ((SELECT 1 FROM (SELECT * FROM contacts WHERE started_at >= '2024-03-01 00:00:00Z' AND started_at < '2024-04-01 00:00:00Z') c WHERE c.outcome IN ('LOST_IN_IVR', 'LOST_IN_QUEUE', 'LOST_WHILE_RINGING', 'LOST_AT_VOICEMAIL', 'LOST_BY_FAILURE') AND c.started_at >= $3 AND c.started_at < $4 LIMIT 1000)) k) AS n1,
  (SELECT count(*) FROM ((SELECT 1 FROM (SELECT * FROM contacts WHERE started_at >= '2024-03-01 00:00:00Z' AND started_at < '2024-04-01 00:00:00Z') c WHERE c.campaign_id = $1::int AND c.started_at >= $3 AND c.started_at < $4 LIMIT 1000) UNION ALL (SELECT 1 FROM unnest($2::int[]) v (x) CROSS JOIN LATERAL (SELECT 1 FROM (SELECT * FROM contacts WHERE started_at >= '2024-03-01 00:00:00Z' AND started_at < '2024-04-01 00:00:00Z') c WHERE c.agent_id = v.x AND c.started_at >= $3 AND c.started_at < $4 LIMIT 1000) k LIMIT 1000)) k) AS n2
), k AS MATERIALIZED (
  SELECT k.started_at, k.id FROM ((SELECT k.started_at, k.id FROM (
        SELECT c.started_at, c.id FROM (SELECT * FROM contacts WHERE started_at >= '2024-03-01 00:00:00Z' AND started_at < '2024-04-01 00:00:00Z') c
        WHERE c.outcome IN ('LOST_IN_IVR', 'LOST_IN_QUEUE', 'LOST_WHILE_RINGING', 'LOST_AT_VOICEMAIL', 'LOST_BY_FAILURE') AND c.started_at >= $3 AND c.started_at < $4 AND ((c.campaign_id = $5::int OR c.agent_id = ANY ($6::int[]))) IS TRUE AND ((c.outcome IN ('LOST_IN_IVR', 'LOST_IN_QUEUE', 'LOST_WHILE_RINGING', 'LOST_AT_VOICEMAIL', 'LOST_BY_FAILURE') AND (
              SELECT CASE
              WHEN l.number IS NULL AND l.record_id IS NULL THEN 'UNKNOWN'
              ELSE coalesce((
                  SELECT CASE WHEN c.type IN ('OUTBOUND_CALL', 'MOBILE_OUTBOUND_CALL', 'SITECALL_CUSTOMER_LEG') THEN 'CALLED_BACK' ELSE 'CALLED_AGAIN' END FROM (
                    (SELECT c.started_at, c.id, c.type FROM contacts c
                      WHERE c.source_key = l.number AND c.started_at >= '2024-03-01 00:00:00Z' AND c.started_at < '2024-05-01 00:00:00Z' AND c.started_at > l.started_at AND c.started_at <= l.started_at + make_interval(hours => $7::int) AND (c.outcome = 'REACHED_AGENT' AND (c.campaign_id = $8::int OR c.agent_id = ANY ($9::int[]))) IS TRUE AND (c.type IN ('CAMPAIGN_INBOUND_CALL', 'INBOUND_CALL', 'MOBILE_INBOUND_CALL', 'CHAT', 'MESSENGER_CHAT')) IS TRUE
                      ORDER BY c.started_at, c.id
                      LIMIT 1)
                    UNION ALL
                    (SELECT c.started_at, c.id, c.type FROM contacts c
                      WHERE c.destination_key = l.number AND c.started_at >= '2024-03-01 00:00:00Z' AND c.started_at < '2024-05-01 00:00:00Z' AND c.started_at > l.started_at AND c.started_at <= l.started_at + make_interval(hours => $7::int) AND (c.outcome = 'REACHED_AGENT' AND (c.campaign_id = $8::int OR c.agent_id = ANY ($9::int[]))) IS TRUE AND (c.type IN ('OUTBOUND_CALL', 'MOBILE_OUTBOUND_CALL', 'SITECALL_CUSTOMER_LEG')) IS TRUE
                      ORDER BY c.started_at, c.id
                      LIMIT 1)
                    UNION ALL
                    (SELECT c.started_at, c.id, c.type FROM contacts c
                      WHERE c.record_id = l.record_id AND c.started_at >= '2024-03-01 00:00:00Z' AND c.started_at < '2024-05-01 00:00:00Z' AND c.started_at > l.started_at AND c.started_at <= l.started_at + make_interval(hours => $7::int) AND (c.outcome = 'REACHED_AGENT' AND (c.campaign_id = $8::int OR c.agent_id = ANY ($9::int[]))) IS TRUE
                      ORDER BY c.started_at, c.id
                      LIMIT 1)
                  ) c
                  ORDER BY c.started_at, c.id
                  LIMIT 1
                ), CASE WHEN EXISTS (SELECT FROM contacts c WHERE c.destination_key = l.number AND c.started_at >= '2024-03-01 00:00:00Z' AND c.started_at < '2024-05-01 00:00:00Z' AND c.started_at > l.started_at AND c.started_at <= l.started_at + make_interval(hours => $10::int) AND (c.outcome = 'NOT_REACHED' AND (c.campaign_id = $11::int OR c.agent_id = ANY ($12::int[]))) IS TRUE) OR EXISTS (SELECT FROM contacts c WHERE c.record_id = l.record_id AND c.started_at >= '2024-03-01 00:00:00Z' AND c.started_at < '2024-05-01 00:00:00Z' AND c.started_at > l.started_at AND c.started_at <= l.started_at + make_interval(hours => $10::int) AND (c.outcome = 'NOT_REACHED' AND (c.campaign_id = $11::int OR c.agent_id = ANY ($12::int[]))) IS TRUE) THEN 'TRIED' ELSE 'NONE' END)
              END
              FROM (SELECT c.started_at, CASE WHEN c.client IS NOT NULL THEN c.source_key END AS number, CASE WHEN c.client IS NULL THEN c.record_id END AS record_id) l
            ) = ANY ($13::text[]))) IS TRUE AND (c.started_at, c.id) < ($14, $15)
        ORDER BY c.started_at DESC, c.id DESC
        LIMIT 51
      ) k WHERE (SELECT n1 <= n2 FROM size))
    UNION ALL
    (SELECT k.started_at, k.id FROM (
        SELECT k.started_at, k.id FROM ((SELECT c.started_at, c.id FROM (SELECT * FROM contacts WHERE started_at >= '2024-03-01 00:00:00Z' AND started_at < '2024-04-01 00:00:00Z') c
            WHERE c.campaign_id = $1::int AND c.started_at >= $3 AND c.started_at < $4 AND ((c.outcome IN ('LOST_IN_IVR', 'LOST_IN_QUEUE', 'LOST_WHILE_RINGING', 'LOST_AT_VOICEMAIL', 'LOST_BY_FAILURE') AND (
                  SELECT CASE
                  WHEN l.number IS NULL AND l.record_id IS NULL THEN 'UNKNOWN'
                  ELSE coalesce((
                      SELECT CASE WHEN c.type IN ('OUTBOUND_CALL', 'MOBILE_OUTBOUND_CALL', 'SITECALL_CUSTOMER_LEG') THEN 'CALLED_BACK' ELSE 'CALLED_AGAIN' END FROM (
                        (SELECT c.started_at, c.id, c.type FROM contacts c
                          WHERE c.source_key = l.number AND c.started_at >= '2024-03-01 00:00:00Z' AND c.started_at < '2024-05-01 00:00:00Z' AND c.started_at > l.started_at AND c.started_at <= l.started_at + make_interval(hours => $16::int) AND (c.outcome = 'REACHED_AGENT' AND (c.campaign_id = $17::int OR c.agent_id = ANY ($18::int[]))) IS TRUE AND (c.type IN ('CAMPAIGN_INBOUND_CALL', 'INBOUND_CALL', 'MOBILE_INBOUND_CALL', 'CHAT', 'MESSENGER_CHAT')) IS TRUE
                          ORDER BY c.started_at, c.id
                          LIMIT 1)
                        UNION ALL
                        (SELECT c.started_at, c.id, c.type FROM contacts c
                          WHERE c.destination_key = l.number AND c.started_at >= '2024-03-01 00:00:00Z' AND c.started_at < '2024-05-01 00:00:00Z' AND c.started_at > l.started_at AND c.started_at <= l.started_at + make_interval(hours => $16::int) AND (c.outcome = 'REACHED_AGENT' AND (c.campaign_id = $17::int OR c.agent_id = ANY ($18::int[]))) IS TRUE AND (c.type IN ('OUTBOUND_CALL', 'MOBILE_OUTBOUND_CALL', 'SITECALL_CUSTOMER_LEG')) IS TRUE
                          ORDER BY c.started_at, c.id
                          LIMIT 1)
                        UNION ALL
                        (SELECT c.started_at, c.id, c.type FROM contacts c
                          WHERE c.record_id = l.record_id AND c.started_at >= '2024-03-01 00:00:00Z' AND c.started_at < '2024-05-01 00:00:00Z' AND c.started_at > l.started_at AND c.started_at <= l.started_at + make_interval(hours => $16::int) AND (c.outcome = 'REACHED_AGENT' AND (c.campaign_id = $17::int OR c.agent_id = ANY ($18::int[]))) IS TRUE
                          ORDER BY c.started_at, c.id
                          LIMIT 1)
                      ) c
                      ORDER BY c.started_at, c.id
                      LIMIT 1
                    ), CASE WHEN EXISTS (SELECT FROM contacts c WHERE c.destination_key = l.number AND c.started_at >= '2024-03-01 00:00:00Z' AND c.started_at < '2024-05-01 00:00:00Z' AND c.started_at > l.started_at AND c.started_at <= l.started_at + make_interval(hours => $19::int) AND (c.outcome = 'NOT_REACHED' AND (c.campaign_id = $20::int OR c.agent_id = ANY ($21::int[]))) IS TRUE) OR EXISTS (SELECT FROM contacts c WHERE c.record_id = l.record_id AND c.started_at >= '2024-03-01 00:00:00Z' AND c.started_at < '2024-05-01 00:00:00Z' AND c.started_at > l.started_at AND c.started_at <= l.started_at + make_interval(hours => $19::int) AND (c.outcome = 'NOT_REACHED' AND (c.campaign_id = $20::int OR c.agent_id = ANY ($21::int[]))) IS TRUE) THEN 'TRIED' ELSE 'NONE' END)
                  END
                  FROM (SELECT c.started_at, CASE WHEN c.client IS NOT NULL THEN c.source_key END AS number, CASE WHEN c.client IS NULL THEN c.record_id END AS record_id) l
                ) = ANY ($22::text[]))) IS TRUE AND (c.started_at, c.id) < ($14, $23)
            ORDER BY c.started_at DESC, c.id DESC
            LIMIT 51)
          UNION ALL
          (SELECT k.started_at, k.id FROM unnest($2::int[]) v (x) CROSS JOIN LATERAL (
              SELECT c.started_at, c.id FROM (SELECT * FROM contacts WHERE started_at >= '2024-03-01 00:00:00Z' AND started_at < '2024-04-01 00:00:00Z') c
              WHERE c.agent_id = v.x AND c.started_at >= $3 AND c.started_at < $4 AND ((c.outcome IN ('LOST_IN_IVR', 'LOST_IN_QUEUE', 'LOST_WHILE_RINGING', 'LOST_AT_VOICEMAIL', 'LOST_BY_FAILURE') AND (
                    SELECT CASE
                    WHEN l.number IS NULL AND l.record_id IS NULL THEN 'UNKNOWN'
                    ELSE coalesce((
                        SELECT CASE WHEN c.type IN ('OUTBOUND_CALL', 'MOBILE_OUTBOUND_CALL', 'SITECALL_CUSTOMER_LEG') THEN 'CALLED_BACK' ELSE 'CALLED_AGAIN' END FROM (
                          (SELECT c.started_at, c.id, c.type FROM contacts c
                            WHERE c.source_key = l.number AND c.started_at >= '2024-03-01 00:00:00Z' AND c.started_at < '2024-05-01 00:00:00Z' AND c.started_at > l.started_at AND c.started_at <= l.started_at + make_interval(hours => $24::int) AND (c.outcome = 'REACHED_AGENT' AND (c.campaign_id = $25::int OR c.agent_id = ANY ($26::int[]))) IS TRUE AND (c.type IN ('CAMPAIGN_INBOUND_CALL', 'INBOUND_CALL', 'MOBILE_INBOUND_CALL', 'CHAT', 'MESSENGER_CHAT')) IS TRUE
                            ORDER BY c.started_at, c.id
                            LIMIT 1)
                          UNION ALL
                          (SELECT c.started_at, c.id, c.type FROM contacts c
                            WHERE c.destination_key = l.number AND c.started_at >= '2024-03-01 00:00:00Z' AND c.started_at < '2024-05-01 00:00:00Z' AND c.started_at > l.started_at AND c.started_at <= l.started_at + make_interval(hours => $24::int) AND (c.outcome = 'REACHED_AGENT' AND (c.campaign_id = $25::int OR c.agent_id = ANY ($26::int[]))) IS TRUE AND (c.type IN ('OUTBOUND_CALL', 'MOBILE_OUTBOUND_CALL', 'SITECALL_CUSTOMER_LEG')) IS TRUE
                            ORDER BY c.started_at, c.id
                            LIMIT 1)
                          UNION ALL
                          (SELECT c.started_at, c.id, c.type FROM contacts c
                            WHERE c.record_id = l.record_id AND c.started_at >= '2024-03-01 00:00:00Z' AND c.started_at < '2024-05-01 00:00:00Z' AND c.started_at > l.started_at AND c.started_at <= l.started_at + make_interval(hours => $24::int) AND (c.outcome = 'REACHED_AGENT' AND (c.campaign_id = $25::int OR c.agent_id = ANY ($26::int[]))) IS TRUE
                            ORDER BY c.started_at, c.id
                            LIMIT 1)
                        ) c
                        ORDER BY c.started_at, c.id
                        LIMIT 1
                      ), CASE WHEN EXISTS (SELECT FROM contacts c WHERE c.destination_key = l.number AND c.started_at >= '2024-03-01 00:00:00Z' AND c.started_at < '2024-05-01 00:00:00Z' AND c.started_at > l.started_at AND c.started_at <= l.started_at + make_interval(hours => $27::int) AND (c.outcome = 'NOT_REACHED' AND (c.campaign_id = $28::int OR c.agent_id = ANY ($29::int[]))) IS TRUE) OR EXISTS (SELECT FROM contacts c WHERE c.record_id = l.record_id AND c.started_at >= '2024-03-01 00:00:00Z' AND c.started_at < '2024-05-01 00:00:00Z' AND c.started_at > l.started_at AND c.started_at <= l.started_at + make_interval(hours => $27::int) AND (c.outcome = 'NOT_REACHED' AND (c.campaign_id = $28::int OR c.agent_id = ANY ($29::int[]))) IS TRUE) THEN 'TRIED' ELSE 'NONE' END)
                    END
                    FROM (SELECT c.started_at, CASE WHEN c.client IS NOT NULL THEN c.source_key END AS number, CASE WHEN c.client IS NULL THEN c.record_id END AS record_id) l
                  ) = ANY ($30::text[]))) IS TRUE AND (c.campaign_id = $31::int) IS NOT TRUE AND (c.started_at, c.id) < ($14, $32)
              ORDER BY c.started_at DESC, c.id DESC
              LIMIT 51
            ) k
            ORDER BY k.started_at DESC, k.id DESC
            LIMIT 51)) k
        ORDER BY k.started_at DESC, k.id DESC
        LIMIT 51
      ) k WHERE (SELECT n2 < n1 FROM size))) k
  ORDER BY k.started_at DESC, k.id DESC
  LIMIT 51
)
SELECT c.id, c.started_at, c.type
FROM k CROSS JOIN LATERAL (
  SELECT c.id, c.started_at, c.type FROM (SELECT * FROM contacts WHERE started_at >= '2024-03-01 00:00:00Z' AND started_at < '2024-04-01 00:00:00Z') c
  WHERE c.started_at = k.started_at AND c.id = k.id AND c.started_at >= $3 AND c.started_at < $4
  OFFSET 0
) c
ORDER BY c.started_at DESC, c.id DESC
;
EXECUTE page (
  1,
  '{1,2}',
  '2024-03-29T23:00:00Z',
  '2024-03-31T12:00:00Z',
  1,
  '{1,2}',
  720,
  1,
  '{1,2}',
  720,
  1,
  '{1,2}',
  '{CALLED_BACK}',
  '2024-03-31T12:00:00Z',
  42,
  720,
  1,
  '{1,2}',
  720,
  1,
  '{1,2}',
  '{CALLED_BACK}',
  42,
  720,
  1,
  '{1,2}',
  720,
  1,
  '{1,2}',
  '{CALLED_BACK}',
  1,
  42
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
            WHERE c.source_key = l.number AND c.started_at >= '2024-03-01 00:00:00Z' AND c.started_at < '2024-06-01 00:00:00Z' AND c.started_at > l.started_at AND c.started_at <= l.started_at + make_interval(hours => $3::int) AND (c.outcome = 'REACHED_AGENT' AND (c.campaign_id = $4::int OR c.agent_id = ANY ($5::int[]))) IS TRUE AND (c.type IN ('CAMPAIGN_INBOUND_CALL', 'INBOUND_CALL', 'MOBILE_INBOUND_CALL', 'CHAT', 'MESSENGER_CHAT')) IS TRUE
            ORDER BY c.started_at, c.id
            LIMIT 1)
          UNION ALL
          (SELECT c.started_at, c.id, c.type FROM contacts c
            WHERE c.destination_key = l.number AND c.started_at >= '2024-03-01 00:00:00Z' AND c.started_at < '2024-06-01 00:00:00Z' AND c.started_at > l.started_at AND c.started_at <= l.started_at + make_interval(hours => $3::int) AND (c.outcome = 'REACHED_AGENT' AND (c.campaign_id = $4::int OR c.agent_id = ANY ($5::int[]))) IS TRUE AND (c.type IN ('OUTBOUND_CALL', 'MOBILE_OUTBOUND_CALL', 'SITECALL_CUSTOMER_LEG')) IS TRUE
            ORDER BY c.started_at, c.id
            LIMIT 1)
          UNION ALL
          (SELECT c.started_at, c.id, c.type FROM contacts c
            WHERE c.record_id = l.record_id AND c.started_at >= '2024-03-01 00:00:00Z' AND c.started_at < '2024-06-01 00:00:00Z' AND c.started_at > l.started_at AND c.started_at <= l.started_at + make_interval(hours => $3::int) AND (c.outcome = 'REACHED_AGENT' AND (c.campaign_id = $4::int OR c.agent_id = ANY ($5::int[]))) IS TRUE
            ORDER BY c.started_at, c.id
            LIMIT 1)
        ) c
        ORDER BY c.started_at, c.id
        LIMIT 1
      ), CASE WHEN EXISTS (SELECT FROM contacts c WHERE c.destination_key = l.number AND c.started_at >= '2024-03-01 00:00:00Z' AND c.started_at < '2024-06-01 00:00:00Z' AND c.started_at > l.started_at AND c.started_at <= l.started_at + make_interval(hours => $6::int) AND (c.outcome = 'NOT_REACHED' AND (c.campaign_id = $7::int OR c.agent_id = ANY ($8::int[]))) IS TRUE) OR EXISTS (SELECT FROM contacts c WHERE c.record_id = l.record_id AND c.started_at >= '2024-03-01 00:00:00Z' AND c.started_at < '2024-06-01 00:00:00Z' AND c.started_at > l.started_at AND c.started_at <= l.started_at + make_interval(hours => $6::int) AND (c.outcome = 'NOT_REACHED' AND (c.campaign_id = $7::int OR c.agent_id = ANY ($8::int[]))) IS TRUE) THEN 'TRIED' ELSE 'NONE' END)
    END
    FROM (SELECT c.started_at, CASE WHEN c.client IS NOT NULL THEN c.source_key END AS number, CASE WHEN c.client IS NULL THEN c.record_id END AS record_id) l
  ) = ANY ($9::text[])) AND (c.campaign_id = $10::int OR c.agent_id = ANY ($11::int[]))
;
EXECUTE count (
  '2024-03-29T23:00:00Z',
  '2024-04-01T22:00:00Z',
  720,
  1,
  '{1,2}',
  720,
  1,
  '{1,2}',
  '{CALLED_BACK}',
  1,
  '{1,2}'
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
            WHERE c.source_key = l.number AND c.started_at >= '2024-03-01 00:00:00Z' AND c.started_at < '2024-06-01 00:00:00Z' AND c.started_at > l.started_at AND c.started_at <= l.started_at + make_interval(hours => $3::int) AND (c.outcome = 'REACHED_AGENT' AND (c.campaign_id = $4::int OR c.agent_id = ANY ($5::int[]))) IS TRUE AND (c.type IN ('CAMPAIGN_INBOUND_CALL', 'INBOUND_CALL', 'MOBILE_INBOUND_CALL', 'CHAT', 'MESSENGER_CHAT')) IS TRUE
            ORDER BY c.started_at, c.id
            LIMIT 1)
          UNION ALL
          (SELECT c.started_at, c.id, c.type FROM contacts c
            WHERE c.destination_key = l.number AND c.started_at >= '2024-03-01 00:00:00Z' AND c.started_at < '2024-06-01 00:00:00Z' AND c.started_at > l.started_at AND c.started_at <= l.started_at + make_interval(hours => $3::int) AND (c.outcome = 'REACHED_AGENT' AND (c.campaign_id = $4::int OR c.agent_id = ANY ($5::int[]))) IS TRUE AND (c.type IN ('OUTBOUND_CALL', 'MOBILE_OUTBOUND_CALL', 'SITECALL_CUSTOMER_LEG')) IS TRUE
            ORDER BY c.started_at, c.id
            LIMIT 1)
          UNION ALL
          (SELECT c.started_at, c.id, c.type FROM contacts c
            WHERE c.record_id = l.record_id AND c.started_at >= '2024-03-01 00:00:00Z' AND c.started_at < '2024-06-01 00:00:00Z' AND c.started_at > l.started_at AND c.started_at <= l.started_at + make_interval(hours => $3::int) AND (c.outcome = 'REACHED_AGENT' AND (c.campaign_id = $4::int OR c.agent_id = ANY ($5::int[]))) IS TRUE
            ORDER BY c.started_at, c.id
            LIMIT 1)
        ) c
        ORDER BY c.started_at, c.id
        LIMIT 1
      ), CASE WHEN EXISTS (SELECT FROM contacts c WHERE c.destination_key = l.number AND c.started_at >= '2024-03-01 00:00:00Z' AND c.started_at < '2024-06-01 00:00:00Z' AND c.started_at > l.started_at AND c.started_at <= l.started_at + make_interval(hours => $6::int) AND (c.outcome = 'NOT_REACHED' AND (c.campaign_id = $7::int OR c.agent_id = ANY ($8::int[]))) IS TRUE) OR EXISTS (SELECT FROM contacts c WHERE c.record_id = l.record_id AND c.started_at >= '2024-03-01 00:00:00Z' AND c.started_at < '2024-06-01 00:00:00Z' AND c.started_at > l.started_at AND c.started_at <= l.started_at + make_interval(hours => $6::int) AND (c.outcome = 'NOT_REACHED' AND (c.campaign_id = $7::int OR c.agent_id = ANY ($8::int[]))) IS TRUE) THEN 'TRIED' ELSE 'NONE' END)
    END
    FROM (SELECT c.started_at, CASE WHEN c.client IS NOT NULL THEN c.source_key END AS number, CASE WHEN c.client IS NULL THEN c.record_id END AS record_id) l
  ) = ANY ($9::text[])) AND (c.campaign_id = $10::int OR c.agent_id = ANY ($11::int[]))
ORDER BY c.started_at DESC, c.id DESC
;
EXECUTE file (
  '2024-03-29T23:00:00Z',
  '2024-04-01T22:00:00Z',
  720,
  1,
  '{1,2}',
  720,
  1,
  '{1,2}',
  '{CALLED_BACK}',
  1,
  '{1,2}'
);
DEALLOCATE file;
