package server

import (
	"net/http"
	"net/netip"
	"testing"
)

func TestProxies_OnlyTrustedOnesSayWhereARequestComesFrom(t *testing.T) {
	t.Parallel()
	var trusted Proxies
	for _, text := range []string{"10.0.0.0/8", "2001:db8::1"} {
		network, err := ParseProxies(text)
		if err != nil {
			t.Fatal(err)
		}
		trusted = append(trusted, network)
	}
	for _, c := range []struct {
		what, peer string
		named      []string
		want       string
	}{
		{"no proxy", "203.0.113.5:1000", nil, "203.0.113.5"},
		{"a stranger's invention", "203.0.113.5:1000", []string{"198.51.100.1"}, "203.0.113.5"},
		{"a proxy", "10.0.0.1:1000", []string{"198.51.100.1"}, "198.51.100.1"},
		{"a proxy that was reached over IPv6", "[::ffff:10.0.0.1]:1000", []string{"::ffff:198.51.100.1"}, "198.51.100.1"},
		{"a proxy behind a proxy", "10.0.0.1:1000", []string{"198.51.100.1, 10.9.9.9"}, "198.51.100.1"},
		{"headers apart", "10.0.0.1:1000", []string{"198.51.100.1", "10.9.9.9"}, "198.51.100.1"},
		{"an invention before a proxy", "10.0.0.1:1000", []string{"192.0.2.9, 198.51.100.1, 10.9.9.9"}, "198.51.100.1"},
		{"an invented proxy before a stranger", "10.0.0.1:1000", []string{"10.2.3.4, 198.51.100.1"}, "198.51.100.1"},
		{"nobody named", "10.0.0.1:1000", nil, "10.0.0.1"},
		{"nonsense", "10.0.0.1:1000", []string{"unknown"}, "10.0.0.1"},
		{"nonsense before a proxy", "10.0.0.1:1000", []string{"198.51.100.1, _hidden, 10.9.9.9"}, "10.9.9.9"},
		{"with ports", "10.0.0.1:1000", []string{"198.51.100.1:4711"}, "198.51.100.1"},
		{"IPv6", "[2001:db8::1]:1000", []string{"[2001:db8::77]:4711"}, "2001:db8::77"},
		{"IPv6 in brackets", "[2001:db8::1%eth0]:1000", []string{"[2001:db8::77]"}, "2001:db8::77"},
		{"no connection", "pipe", []string{"198.51.100.1"}, ""},
	} {
		request := &http.Request{RemoteAddr: c.peer, Header: http.Header{"X-Forwarded-For": c.named}}
		want, _ := netip.ParseAddr(c.want)
		if got := trusted.Address(request); got != want {
			t.Errorf("%s: %v, want %v", c.what, got, want)
		}
		peer, _ := netip.ParseAddrPort(c.peer)
		if got := Proxies(nil).Address(request); got != plain(peer.Addr()) {
			t.Errorf("%s, nobody trusted: %v", c.what, got)
		}
	}
}
