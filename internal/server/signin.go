package server

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"path/filepath"
	"strings"

	"github.com/kontakty/kontakty/internal/web"
)

// requireCredentials refuses to serve other machines before anybody could sign in: such a server was not finished, and
// the first to meet it should not be a stranger. This machine alone is served, with a word on how to make a key.
func (s *Server) requireCredentials(ctx context.Context) error {
	have, err := s.principals.haveCredentials(ctx)
	if err != nil {
		return err
	}
	s.noCredentials = !have
	if have || !s.isExposed() {
		return nil
	}
	return fmt.Errorf(`nobody could be let in, and --listen %s is open to the network: there is no API key, and no --oidc-issuer. Make a key first, with
  %s
or serve this machine alone, with --listen 127.0.0.1:8080`, s.config.Listen, s.config.Database.keyCommand())
}

// isExposed says whether other machines can connect to the server, itself or through a proxy.
func (s *Server) isExposed() bool {
	if public, err := url.Parse(s.config.PublicURL); err != nil || s.config.PublicURL != "" && !isLoopback(public.Hostname()) {
		return true
	}
	end, ok := s.listener.Addr().(*net.TCPAddr)
	return !ok || !end.IP.IsLoopback()
}

func isLoopback(host string) bool {
	address, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && address.IsLoopback()
}

// session is how the pages sign in. A demo's have its key, but only where nobody else gets to: on this machine.
func (s *Server) session() web.Session {
	var session web.Session
	if !s.isExposed() {
		session.Key = s.adminKey
	}
	if signIn := s.config.SignIn; signIn.ClientID != "" {
		session.OIDC = &web.Provider{Issuer: signIn.Provider.Issuer, ClientID: signIn.ClientID, Scopes: signIn.Scopes}
	}
	return session
}

// SignInNotice says how to sign in, as paragraphs to print; it is empty where keys were made before.
func (s *Server) SignInNotice() string {
	switch {
	case s.adminKey != "":
		return fmt.Sprintf("The administrator's key, also in %s:\n\n  %s\n\n", s.adminKeyPath(), s.adminKey)
	case s.noCredentials:
		return fmt.Sprintf("Nobody has a key yet. Make one in another terminal:\n\n  %s\n\n", s.config.Database.keyCommand())
	}
	return ""
}

func (s *Server) adminKeyPath() string { return filepath.Join(s.config.Database.DataDir, adminKeyFile) }

// keyCommand is a command that makes a key for this installation.
func (c DatabaseConfig) keyCommand() string {
	where := "--data-dir " + quoted(c.DataDir)
	if c.URL != "" {
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
