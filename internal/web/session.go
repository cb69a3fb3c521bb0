package web

import (
	"encoding/json"
	"net"
	"net/http"
	"net/netip"
	"strings"
)

// SessionPath is where the pages ask how to sign in.
const SessionPath = "/session.json"

// Session is how people sign in to the pages. As JSON it has the keys `key` and `oidc`, each null where there is none.
type Session struct {
	// Key is the API key that a demo signs in with on its own machine; empty anywhere else. Only a browser on this
	// machine gets it, and only for a page of ours: see mayHaveKey.
	Key string
	// OIDC is the provider that people sign in with; nil without one.
	OIDC *Provider
}

// Provider is an OpenID Connect provider, as a browser uses it with PKCE: without any secret.
type Provider struct {
	// Issuer is its URL, below which /.well-known/openid-configuration is found.
	Issuer string `json:"issuer"`
	// ClientID is what it knows the page by. The page's address, https://host/, must be allowed as its redirect URI.
	ClientID string `json:"clientId"`
	// Scopes are what is asked for, such as openid and profile.
	Scopes []string `json:"scopes"`
	// Endpoints are URLs of the provider that do not lie at its issuer's origin, such as its token endpoint; the page
	// may then talk to those origins too. Usually empty.
	Endpoints []string `json:"-"`
}

// ServeHTTP answers with the session as JSON, which nobody may keep.
func (s Session) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	answer := struct {
		Key  *string   `json:"key"`
		OIDC *Provider `json:"oidc"`
	}{OIDC: s.OIDC}
	if s.Key != "" && mayHaveKey(r) {
		answer.Key = &s.Key
	}
	header := w.Header()
	header.Set("Cache-Control", "no-store")
	header.Set("Content-Type", "application/json; charset=utf-8")
	_ = json.NewEncoder(w).Encode(answer) // A client that went away is nobody's fault.
}

// mayHaveKey says whether the demo's key may be given out: the request comes from this machine, through no proxy, to a
// name of this machine (a page elsewhere cannot point its own name at us), and from one of our own pages.
func mayHaveKey(r *http.Request) bool {
	for _, forwarded := range []string{"Forwarded", "X-Forwarded-For", "X-Real-Ip", "Via"} {
		if len(r.Header.Values(forwarded)) > 0 {
			return false
		}
	}
	switch r.Header.Get("Sec-Fetch-Site") {
	case "", "none", "same-origin":
	default:
		return false
	}
	return isLoopbackPeer(r.RemoteAddr) && isLoopbackHost(r.Host)
}

func isLoopbackPeer(address string) bool {
	peer, err := netip.ParseAddrPort(address)
	return err == nil && peer.Addr().Unmap().IsLoopback()
}

// isLoopbackHost reads the header Host, with or without a port.
func isLoopbackHost(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	host = strings.TrimSuffix(strings.TrimPrefix(host, "["), "]")
	if strings.EqualFold(host, "localhost") {
		return true
	}
	address, err := netip.ParseAddr(host)
	return err == nil && address.Unmap().IsLoopback()
}
