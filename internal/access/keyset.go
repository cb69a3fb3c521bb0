package access

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
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

// keySet is the provider's keys: read again when a token names one that is not there, and when they are old.
type keySet struct {
	client *http.Client
	url    string
	now    func() time.Time

	mu     sync.Mutex
	keys   *oidc.RemoteKeySet
	readAt time.Time
}

func newKeySet(client *http.Client, url string, now func() time.Time) *keySet {
	s := &keySet{client: client, url: url, now: now, readAt: now()}
	s.keys = s.fresh()
	return s
}

func (s *keySet) fresh() *oidc.RemoteKeySet {
	return oidc.NewRemoteKeySet(oidc.ClientContext(context.Background(), s.client), s.url)
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
	s.mu.Lock()
	keys, age := s.keys, s.now().Sub(s.readAt)
	s.mu.Unlock()
	if age < keysFreshFor {
		o.payload, o.away = check(ctx, keys, raw)
	} else {
		begun, fresh := s.now(), s.fresh()
		if o.payload, o.away = check(ctx, fresh, raw); o.away == nil {
			s.mu.Lock()
			s.keys, s.readAt = fresh, begun
			s.mu.Unlock()
		} else if age < keysUsableFor {
			o.payload, o.away = check(ctx, keys, raw)
		}
	}
	if o.payload == nil {
		return nil, errors.New("the signature is wrong, or could not be checked")
	}
	return o.payload, nil
}

// check gives the payload of a token with a right signature, or why the keys could not be had, or neither.
func check(ctx context.Context, keys *oidc.RemoteKeySet, raw string) (payload []byte, away error) {
	payload, err := keys.VerifySignature(ctx, raw)
	if err != nil && errors.Unwrap(err) != nil { // only a failed reading of the keys has a cause
		return nil, err
	}
	return payload, nil
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
