package link

import (
	"context"
	"fmt"
	"net/http"
	"net/netip"
	"time"

	"github.com/kontakty/kontakty/internal/access"
)

// Gate says who fetches a file, and which.
type Gate struct {
	// Links open the addresses.
	Links *Links
	// Now is the clock that they end by.
	Now func() time.Time
	// Rights gives the principal of a reference with the rights it has now, as access.Authenticator.Current does.
	Rights func(ctx context.Context, reference string) (access.Principal, error)
	// Authenticate says who sent a request, as access.Authenticator.Authenticate does.
	Authenticate func(ctx context.Context, header http.Header, address netip.Addr) (access.Actor, error)
	// Address is where a request came from.
	Address func(*http.Request) netip.Addr
}

// Open gives who fetches, with the rights of now, and the link of the request's address. Credentials that the request brings
// must be those of the principal to whom the link was given. Errors: LINK_INVALID, UNAUTHENTICATED, RATE_LIMITED.
func (g Gate) Open(r *http.Request) (access.Actor, Link, error) {
	given, err := g.Links.Open(r.Context(), r.URL, g.Now())
	if err != nil {
		return access.Actor{}, Link{}, err
	}
	by := access.Actor{Address: g.Address(r)}
	if len(r.Header.Values("Authorization")) > 0 {
		sender, err := g.Authenticate(r.Context(), r.Header, by.Address)
		if err != nil {
			return access.Actor{}, Link{}, err
		}
		if sender.String() != given.By {
			return access.Actor{}, Link{}, g.Links.Stale()
		}
	}
	if by.Principal, err = g.Rights(r.Context(), given.By); err != nil {
		return access.Actor{}, Link{}, fmt.Errorf("asking for the rights of who fetches a file: %w", err)
	}
	return by, given, nil
}
