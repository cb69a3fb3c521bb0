package access

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"
	"github.com/uptrace/bun"

	"github.com/kontakty/kontakty/internal/postgres"
)

// maxSeenTokens bounds the memory for tokens whose rights are written down already.
const maxSeenTokens = 10_000

// subjects keeps what those who sign in elsewhere may do, as their latest tokens said: when their files are made, the
// tokens are no longer at hand.
type subjects struct {
	pool *postgres.Pool

	mu   sync.Mutex
	seen *simplelru.LRU[[sha256.Size]byte, struct{}]
}

type subject struct {
	bun.BaseModel `bun:"table:oidc_subjects"`

	Principal string  `bun:"principal,pk"`
	Name      string  `bun:"name"`
	Scopes    []Scope `bun:"scopes,array"`
	Grants    Grants  `bun:"grants,type:jsonb"`
}

func newSubjects(pool *postgres.Pool) *subjects {
	return &subjects{pool: pool, seen: newLRU[[sha256.Size]byte, struct{}](maxSeenTokens)}
}

// remember keeps the rights of a token, once for each token. Of tokens issued at different times the later one counts,
// in whichever order they come.
func (s *subjects) remember(ctx context.Context, principal Principal, raw string, issuedAt time.Time) error {
	token := sha256.Sum256([]byte(raw))
	s.mu.Lock()
	_, seen := s.seen.Get(token)
	s.mu.Unlock()
	if seen {
		return nil
	}
	grants, err := json.Marshal(principal.Grants.Canonical())
	if err != nil {
		return fmt.Errorf("keeping the grants: %w", err)
	}
	scopes := []string{}
	for _, scope := range principal.Scopes {
		scopes = append(scopes, string(scope))
	}
	_, err = s.pool.Exec(ctx, `INSERT INTO oidc_subjects AS kept (principal, name, scopes, grants, issued_at)
		VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (principal) DO UPDATE SET name = excluded.name, scopes = excluded.scopes, grants = excluded.grants,
			issued_at = excluded.issued_at
		WHERE excluded.issued_at >= kept.issued_at`,
		principal.String(), principal.Name, scopes, string(grants), issuedAt)
	if err != nil {
		return fmt.Errorf("keeping the rights of a token: %w", err)
	}
	s.mu.Lock()
	s.seen.Add(token, struct{}{})
	s.mu.Unlock()
	return nil
}

// current gives what is kept under a reference; false if nothing is.
func (s *subjects) current(ctx context.Context, reference string) (subject, bool, error) {
	var rows []subject
	err := s.pool.DB.NewSelect().Model(&rows).Column("principal", "name", "scopes", "grants").
		Where("principal = ?", reference).Scan(ctx)
	if err != nil {
		return subject{}, false, fmt.Errorf("reading the rights of a principal: %w", err)
	}
	if len(rows) == 0 {
		return subject{}, false, nil
	}
	return rows[0], true, nil
}
