package access

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/go-jose/go-jose/v4"
	"golang.org/x/sync/singleflight"
)

const (
	// keysFreshFor is after what time the provider's keys are read anew though none is missing: a key that it withdrew
	// must not open anything for ever.
	keysFreshFor = 5 * time.Minute
	// keysUsableFor is how long they are used while the provider does not answer.
	keysUsableFor = time.Hour
	// throttleFor is the least time between two equal requests to the provider, however many tokens with unknown keys come.
	throttleFor = time.Second
	// maxAnswer bounds what is read of a provider's answer, in bytes.
	maxAnswer = 1 << 20
)

// keySet is the provider's keys: read again when a token fits none of them, and when they are old. The library's own set puts
// keys away a moment after it gave them out, so that of two tokens one after the other the second might meet older ones.
type keySet struct {
	client *http.Client
	url    string
	now    func() time.Time

	reading singleflight.Group
	mu      sync.Mutex
	keys    *oidc.StaticKeySet // nil until they were read
	readAt  time.Time
}

func newKeySet(client *http.Client, url string, now func() time.Time) *keySet {
	return &keySet{client: client, url: url, now: now}
}

// outcome is what the library does not pass on from the set of keys to its caller.
type outcome struct {
	payload []byte
	away    error // why the keys could not be had
}

type outcomeKey struct{}

func withOutcome(ctx context.Context) (context.Context, *outcome) {
	o := new(outcome)
	return context.WithValue(ctx, outcomeKey{}, o), o
}

// VerifySignature is called by the library once the algorithm is known to be one of those configured.
func (s *keySet) VerifySignature(ctx context.Context, raw string) ([]byte, error) {
	o, given := ctx.Value(outcomeKey{}).(*outcome)
	if !given {
		return nil, errors.New("a signature is checked for nobody")
	}
	o.payload, o.away = s.payload(ctx, raw)
	if o.payload == nil {
		return nil, errors.New("the signature is wrong, or could not be checked")
	}
	return o.payload, nil
}

// payload is that of a token with a right signature; it gives why the keys could not be had, or neither.
func (s *keySet) payload(ctx context.Context, raw string) (payload []byte, away error) {
	s.mu.Lock()
	keys, age := s.keys, s.now().Sub(s.readAt)
	s.mu.Unlock()
	if keys != nil && age < keysFreshFor {
		if payload, err := keys.VerifySignature(ctx, raw); err == nil {
			return payload, nil
		}
	}
	fresh, away := s.readAnew(ctx)
	if away == nil {
		keys = fresh
	} else if keys == nil || age >= keysUsableFor {
		return nil, away
	}
	if payload, err := keys.VerifySignature(ctx, raw); err == nil {
		return payload, nil
	}
	return nil, away
}

// readAnew reads the keys, once for all who wait for them; whoever leaves ends it for nobody else.
func (s *keySet) readAnew(ctx context.Context) (*oidc.StaticKeySet, error) {
	read := s.reading.DoChan("", func() (any, error) {
		begun := s.now()
		keys, err := s.read(context.WithoutCancel(ctx))
		if err == nil {
			s.mu.Lock()
			s.keys, s.readAt = keys, begun
			s.mu.Unlock()
		}
		return keys, err
	})
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case result := <-read:
		return result.Val.(*oidc.StaticKeySet), result.Err
	}
}

// read asks the provider. Keys of kinds that the library does not know are left out.
func (s *keySet) read(ctx context.Context) (*oidc.StaticKeySet, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, s.url, http.NoBody)
	if err != nil {
		return nil, err
	}
	response, err := s.client.Do(request)
	if err != nil {
		return nil, err
	}
	defer func() { _ = response.Body.Close() }()
	var answer struct {
		Keys []json.RawMessage `json:"keys"`
	}
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("reading the provider's keys: %s", response.Status)
	}
	if err := json.NewDecoder(io.LimitReader(response.Body, maxAnswer)).Decode(&answer); err != nil {
		return nil, fmt.Errorf("reading the provider's keys: %w", err)
	}
	keys := &oidc.StaticKeySet{}
	for _, one := range answer.Keys {
		var key jose.JSONWebKey
		if err := key.UnmarshalJSON(one); err != nil {
			continue
		}
		switch key.Key.(type) {
		case *rsa.PublicKey, *ecdsa.PublicKey, ed25519.PublicKey:
			keys.PublicKeys = append(keys.PublicKeys, key.Key)
		}
	}
	return keys, nil
}

// throttle keeps a provider from being asked the same more than once in throttleFor: whoever sends tokens with
// made-up keys must not make us trouble somebody else. Instead the last good answer is given again.
type throttle struct {
	next http.RoundTripper
	now  func() time.Time

	mu      sync.Mutex
	url     string
	header  http.Header
	body    []byte // nil if the last answer was not good
	endedAt time.Time
}

// RoundTrip implements http.RoundTripper.
func (c *throttle) RoundTrip(request *http.Request) (*http.Response, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	url := request.URL.String()
	if since := c.now().Sub(c.endedAt); url == c.url && since >= 0 && since < throttleFor {
		if c.body == nil {
			return nil, errors.New("the provider failed a moment ago")
		}
		return c.again(request), nil
	}
	c.url, c.body = url, nil
	defer func() { c.endedAt = c.now() }()
	response, err := c.next.RoundTrip(request)
	if err != nil {
		return nil, err
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer))
	if err != nil {
		return nil, err
	}
	if response.StatusCode == http.StatusOK {
		c.header, c.body = response.Header.Clone(), body
	}
	response.Body, response.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	return response, nil
}

func (c *throttle) again(request *http.Request) *http.Response {
	return &http.Response{
		Status: "200 OK", StatusCode: http.StatusOK, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: c.header.Clone(), Body: io.NopCloser(bytes.NewReader(c.body)), ContentLength: int64(len(c.body)), Request: request,
	}
}
