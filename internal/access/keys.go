package access

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"
	"github.com/jackc/pgx/v5"
	"github.com/uptrace/bun"
	"golang.org/x/sync/singleflight"

	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/newest"
	"github.com/kontakty/kontakty/internal/postgres"
	"github.com/kontakty/kontakty/internal/relay"
)

// Keys makes, lists, revokes and recognises API keys. It is safe for use by many goroutines.
type Keys struct {
	pool   *postgres.Pool
	signer *relay.Signer
	now    func() time.Time
	log    *slog.Logger

	mu      sync.Mutex
	cache   *simplelru.LRU[string, cachedKey]
	reading singleflight.Group
}

// NewKeys makes the keys of a migrated database. The pool must be able to write; log may be nil.
func NewKeys(pool *postgres.Pool, signer *relay.Signer, now func() time.Time, log *slog.Logger) *Keys {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	return &Keys{pool: pool, signer: signer, now: now, log: log, cache: newLRU[string, cachedKey](maxCachedKeys)}
}

// Create makes a key and writes that into the audit log. The text is the key itself, for its holder: it cannot be had
// again. An administrator gives no scope and no contact that it does not have itself. Errors: FORBIDDEN, INVALID_TEXT,
// INVALID_FILTER, INVALID_PERIOD for an expiry that has passed.
func (k *Keys) Create(ctx context.Context, by Actor, input KeyInput) (*Key, string, error) {
	now := k.now()
	if err := by.Require(ScopeAdmin); err != nil {
		return nil, "", err
	}
	if err := input.check(by.Principal, now); err != nil {
		return nil, "", err
	}
	grants, err := json.Marshal(input.Grants.Canonical())
	if err != nil {
		return nil, "", fmt.Errorf("keeping the grants: %w", err)
	}
	scopes := []string{}
	for _, scope := range knownScopes(input.Scopes) {
		scopes = append(scopes, string(scope))
	}
	made := newToken()
	var id int64
	err = pgx.BeginFunc(ctx, k.pool.Pool, func(tx pgx.Tx) error {
		err := tx.QueryRow(ctx, `INSERT INTO api_keys
			(key_id, secret_sha256, name, scopes, grants, created_by, created_at, expires_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id`,
			made.id, made.digest(), input.Name, scopes, string(grants), by.String(), now, input.ExpiresAt).Scan(&id)
		if err != nil {
			return err
		}
		return appendEvents(ctx, tx, now, by, MadeKey, id)
	})
	if err != nil {
		return nil, "", fmt.Errorf("making a key: %w", err)
	}
	key, err := k.get(ctx, "id = ?", id)
	if err != nil {
		return nil, "", err
	}
	return key, made.String(), nil
}

// Revoke makes a key useless and writes that into the audit log; a key revoked before stays as it is. Errors:
// FORBIDDEN, UNKNOWN_ID.
func (k *Keys) Revoke(ctx context.Context, by Actor, id int64) (*Key, error) {
	if err := by.Require(ScopeAdmin); err != nil {
		return nil, err
	}
	now := k.now()
	err := pgx.BeginFunc(ctx, k.pool.Pool, func(tx pgx.Tx) error {
		done, err := tx.Exec(ctx, `UPDATE api_keys SET revoked_at = $1, revoked_by = $2 WHERE id = $3 AND revoked_at IS NULL`,
			now, by.String(), id)
		if err != nil || done.RowsAffected() == 0 {
			return err
		}
		return appendEvents(ctx, tx, now, by, RevokedKey, id)
	})
	if err != nil {
		return nil, fmt.Errorf("revoking a key: %w", err)
	}
	key, err := k.get(ctx, "id = ?", id)
	if err != nil {
		return nil, err
	}
	k.forget(key.KeyID)
	return key, nil
}

// Find finds keys by our own numbers; what does not exist is missing in the answer. Errors: FORBIDDEN.
func (k *Keys) Find(ctx context.Context, by Principal, ids []int64) (map[int64]*Key, error) {
	if err := by.Require(ScopeAdmin); err != nil {
		return nil, err
	}
	found := make(map[int64]*Key, len(ids))
	if len(ids) == 0 {
		return found, nil
	}
	var rows []*Key
	if err := k.selecting(&rows).Where("id IN (?)", bun.List(ids)).Scan(ctx); err != nil {
		return nil, fmt.Errorf("finding keys: %w", err)
	}
	for _, row := range rows {
		found[row.ID] = row
	}
	return found, nil
}

// Named finds a key by its KeyID or by the beginning of the key itself, kky_<KeyID>, whatever follows. Errors:
// FORBIDDEN, UNKNOWN_ID.
func (k *Keys) Named(ctx context.Context, by Principal, keyID string) (*Key, error) {
	if err := by.Require(ScopeAdmin); err != nil {
		return nil, err
	}
	keyID, _, _ = strings.Cut(strings.TrimPrefix(keyID, tokenPrefix), "_")
	if len(keyID) != keyIDLength || strings.Trim(keyID, tokenAlphabet) != "" {
		return nil, fault.New(fault.IDUnknown, "")
	}
	return k.get(ctx, "key_id = ?", keyID)
}

// List lists keys, the newest first, revoked and expired ones too. Errors: FORBIDDEN, INVALID_PAGE, INVALID_CURSOR.
func (k *Keys) List(ctx context.Context, by Principal, page relay.PageArgs) (*relay.Connection[*Key], error) {
	if err := by.Require(ScopeAdmin); err != nil {
		return nil, err
	}
	var rows []*Key
	return newest.List[*Key]{
		Signer: k.signer, Scope: relay.NewScope([]byte("api_keys")), Page: page,
		Reading: k.selecting(&rows), Rows: &rows, ID: func(row *Key) int64 { return row.ID },
		Counting: func() *bun.SelectQuery { return k.pool.DB.NewSelect().Table("api_keys") },
	}.Read(ctx)
}

// Configured says whether there is a key that opens anything.
func (k *Keys) Configured(ctx context.Context) (bool, error) {
	found, err := k.pool.DB.NewSelect().Table("api_keys").
		Where("revoked_at IS NULL").Where("expires_at IS NULL OR expires_at > ?", k.now()).Exists(ctx)
	if err != nil {
		return false, fmt.Errorf("looking for keys: %w", err)
	}
	return found, nil
}

// RestrictedWriters are the ids of keys that open something and were made when ScopeWrite went with any grants; it no
// longer counts for them.
func (k *Keys) RestrictedWriters(ctx context.Context) ([]string, error) {
	var keyIDs []string
	err := k.pool.DB.NewSelect().Table("api_keys").Column("key_id").
		Where("revoked_at IS NULL").Where("expires_at IS NULL OR expires_at > ?", k.now()).
		Where("? = ANY (scopes)", ScopeWrite).Where("grants->'unrestricted' IS DISTINCT FROM 'true'::jsonb").
		Order("id").Scan(ctx, &keyIDs)
	if err != nil {
		return nil, fmt.Errorf("looking for keys that no longer record: %w", err)
	}
	return keyIDs, nil
}

func (k *Keys) selecting(into any) *bun.SelectQuery {
	return k.pool.DB.NewSelect().Model(into).ColumnExpr(keyColumns)
}

// get finds the one key of a condition. Errors: UNKNOWN_ID.
func (k *Keys) get(ctx context.Context, condition string, value any) (*Key, error) {
	var rows []*Key
	if err := k.selecting(&rows).Where(condition, value).Scan(ctx); err != nil {
		return nil, fmt.Errorf("finding a key: %w", err)
	}
	if len(rows) == 0 {
		return nil, fault.New(fault.IDUnknown, "")
	}
	return rows[0], nil
}
