package main

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"path/filepath"
	"strings"

	"github.com/kontakty/kontakty/internal/web"
)

// admitSomebody refuses to serve the world before anybody could be let in: such a server was not finished, and whoever
// meets it first should not be a stranger. On this machine alone it is served, with a word on how to make a key.
func (m *Main) admitSomebody(ctx context.Context) error {
	somebody, err := m.anybody(ctx)
	if err != nil {
		return err
	}
	m.deserted = !somebody
	if !m.deserted || !m.reachable() {
		return nil
	}
	return fmt.Errorf(`nobody could be let in, and --listen %s is open to the network: there is no API key, and no --oidc-issuer. Make a key first, with
  %s
or serve this machine alone, with --listen 127.0.0.1:8080`, m.options.Listen, m.options.keyCommand())
}

// reachable says whether other machines reach the server, itself or through a proxy.
func (m *Main) reachable() bool {
	if m.options.public != nil && !isLoopback(m.options.public.Hostname()) {
		return true
	}
	end, ok := m.listener.Addr().(*net.TCPAddr)
	return !ok || !end.IP.IsLoopback()
}

func isLoopback(host string) bool {
	address, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && address.IsLoopback()
}

// session is how people sign in to our pages. A demo's pages have its key, but only where nobody else gets to: on this
// machine.
func (m *Main) session() web.Session {
	var session web.Session
	if !m.reachable() {
		session.Key = m.adminKey
	}
	if m.options.ClientID != "" {
		session.OIDC = &web.Provider{Issuer: m.options.Issuer, ClientID: m.options.ClientID, Scopes: m.options.Asked}
	}
	return session
}

func (m *Main) adminKeyPath() string { return filepath.Join(m.options.DataDir, adminKeyFile) }

// signInNotice says how to sign in, as paragraphs to print; there is nothing to say where keys were made before.
func (m *Main) signInNotice() string {
	switch {
	case m.adminKey != "":
		return fmt.Sprintf("The administrator's key, also in %s:\n\n  %s\n\n", m.adminKeyPath(), m.adminKey)
	case !m.deserted:
		return ""
	}
	return fmt.Sprintf("Nobody has a key yet. Make one in another terminal:\n\n  %s\n\n", m.options.keyCommand())
}

// keyCommand is a command that makes a key for this installation.
func (o options) keyCommand() string {
	where := "--data-dir " + quoted(o.DataDir)
	if o.DatabaseURL != "" {
		where = "--database-url …" // it may hold a password
	}
	return `kontakty keys create --name "Me" --scope all --unrestricted ` + where
}

// quoted is a word as a shell takes it.
func quoted(word string) string {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("/._-+:@", r)
	}
	if word != "" && strings.IndexFunc(word, func(r rune) bool { return !plain(r) }) < 0 {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}
