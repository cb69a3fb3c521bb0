package server

import (
	"net/http"
	"net/netip"
	"strings"
)

// Proxies are the networks of the proxies that are believed when they say who their client is.
type Proxies []netip.Prefix

// ParseProxies reads a network or a single address.
func ParseProxies(text string) (netip.Prefix, error) {
	network, err := netip.ParsePrefix(text)
	if address, single := netip.ParseAddr(text); err != nil && single == nil && address.Zone() == "" {
		network, err = address.Prefix(address.BitLen())
	}
	return network.Masked(), err
}

// trust says whether an address belongs to a trusted proxy.
func (p Proxies) trust(address netip.Addr) bool {
	for _, network := range p {
		if network.Contains(address) {
			return true
		}
	}
	return false
}

// sent says whether a request came over a trusted proxy.
func (p Proxies) sent(r *http.Request) bool {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	return err == nil && p.trust(plain(peer.Addr()))
}

// Address is where a request comes from: the other end of the connection, or, if that is a trusted proxy, whom the
// trusted proxies name in X-Forwarded-For. Each proxy adds its client at the end, and what stands before the first
// that is not trusted can be anybody's invention. The zero address means that nobody knows.
func (p Proxies) Address(r *http.Request) netip.Addr {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	client := plain(peer.Addr())
	named := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(named) - 1; i >= 0 && p.trust(client); i-- {
		before, ok := readAddress(strings.TrimSpace(named[i]))
		if !ok {
			break
		}
		client = before
	}
	return client
}

// readAddress reads an address, which some proxies give with a port.
func readAddress(text string) (netip.Addr, bool) {
	if address, err := netip.ParseAddr(strings.Trim(text, "[]")); err == nil {
		return plain(address), true
	}
	if end, err := netip.ParseAddrPort(text); err == nil {
		return plain(end.Addr()), true
	}
	return netip.Addr{}, false
}

// plain is the one form of an address: IPv4 as such, and no zone.
func plain(address netip.Addr) netip.Addr { return address.Unmap().WithZone("") }
