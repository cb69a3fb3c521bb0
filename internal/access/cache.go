package access

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/kontakty/kontakty/internal/fault"
)

const (
	// freshFor is how long what was read of a key is believed. A revocation is noticed at the latest then, in every
	// process and whatever else fails; one look-up by a unique key costs less than listening for changes would.
	freshFor = 500 * time.Millisecond
	// useNotedEvery is how exact the time of a key's last use is.
	useNotedEvery = time.Minute
	// maxCachedKeys bounds the memory for keys.
	maxCachedKeys = 10_000
)

// cachedKey is what was read of a key, and when the reading began.
type cachedKey struct {
	key    *Key
	readAt time.Time
	noted  time.Time // when this process last wrote down a use
}

// isCached says whether the key was let in before by this process, going by what it remembers, however old.
func (k *Keys) isCached(t token) bool {
	k.mu.Lock()
	cached, found := k.cache.Get(t.id)
	k.mu.Unlock()
	return found && t.matches(cached.key.SecretSHA256)
}

// verify says who comes with a key. Errors: UNAUTHENTICATED; that a key was revoked or has expired learns only who
// has its secret.
func (k *Keys) verify(ctx context.Context, t token) (Principal, error) {
	key, err := k.read(ctx, t.id)
	if err != nil {
		return Principal{}, err
	}
	if key == nil || !t.matches(key.SecretSHA256) {
		return Principal{}, fault.New(fault.CredentialsWrong, "")
	}
	now := k.now()
	if err := key.Usable(now); err != nil {
		return Principal{}, err
	}
	k.note(ctx, key, now)
	return key.Principal(), nil
}

// current gives the principal of a key's id with the rights it has now.
func (k *Keys) current(ctx context.Context, id string) (Principal, error) {
	key, err := k.get(ctx, "key_id = ?", id)
	if fault.CodeOf(err) == fault.UnknownID {
		return Principal{}, nil
	}
	if err != nil {
		return Principal{}, err
	}
	principal := key.Principal()
	if key.Usable(k.now()) != nil {
		principal.Scopes, principal.Grants = nil, Grants{}
	}
	return principal, nil
}

// read gives the key of an id, nil if there is none, at most freshFor old. Those who ask at the same time share one
// look-up.
func (k *Keys) read(ctx context.Context, id string) (*Key, error) {
	for {
		k.mu.Lock()
		cached, found := k.cache.Get(id)
		k.mu.Unlock()
		if age := k.now().Sub(cached.readAt); found && age >= 0 && age < freshFor {
			return cached.key, nil
		}
		key, err, _ := k.reading.Do(id, func() (any, error) { return k.lookUp(ctx, id) })
		if err == nil {
			return key.(*Key), nil
		}
		// The one who looked up for all may have gone away; that is no reason to fail for the others.
		if !errors.Is(err, context.Canceled) && !errors.Is(err, context.DeadlineExceeded) || ctx.Err() != nil {
			return nil, fmt.Errorf("checking a key: %w", err)
		}
	}
}

func (k *Keys) lookUp(ctx context.Context, id string) (*Key, error) {
	begun := k.now()
	var rows []*Key
	if err := k.selecting(&rows).Where("key_id = ?", id).Scan(ctx); err != nil {
		return nil, err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if len(rows) == 0 {
		k.cache.Remove(id)
		return nil, nil // the id is wrong: nothing is kept of it, so guessing fills no memory
	}
	cached, _ := k.cache.Get(id)
	k.cache.Add(id, cachedKey{key: rows[0], readAt: begun, noted: cached.noted})
	return rows[0], nil
}

// forget makes this process read the key anew.
func (k *Keys) forget(id string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.cache.Remove(id)
}

// note writes down that a key is used, once in a while. That it cannot is no reason to refuse the key.
func (k *Keys) note(ctx context.Context, key *Key, now time.Time) {
	k.mu.Lock()
	cached, found := k.cache.Get(key.KeyID)
	due := found && now.Sub(cached.noted) >= useNotedEvery && (key.LastUsedAt == nil || now.Sub(*key.LastUsedAt) >= useNotedEvery)
	if due {
		cached.noted = now
		k.cache.Add(key.KeyID, cached)
	}
	k.mu.Unlock()
	if !due {
		return
	}
	_, err := k.pool.Exec(ctx, `UPDATE api_keys SET last_used_at = $1
		WHERE id = $2 AND (last_used_at IS NULL OR last_used_at <= $3)`, now, key.ID, now.Add(-useNotedEvery))
	if err != nil {
		k.log.Warn("the use of a key was not noted", slog.String("key", key.KeyID), slog.Any("error", err))
	}
}
