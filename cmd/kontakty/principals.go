package main

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/kontakty/kontakty/internal/access"
	"github.com/kontakty/kontakty/internal/postgres"
)

// accessConnections is how many connections recognise keys and write the audit log. Nothing else holds them up.
const accessConnections = 4

// principals say who somebody is and what they may do, now or when their file is made, and write down what they did.
type principals struct {
	pool          *postgres.Pool
	provider      *access.OIDC // nil where only keys are taken
	keys          *access.Keys
	audit         *access.Audit
	authenticator *access.Authenticator
}

// openPrincipals opens what recognises people, with connections of their own.
func (b *backend) openPrincipals(ctx context.Context) (err error) {
	p := &b.principals
	if p.pool, err = postgres.Open(ctx, postgres.Config{
		URL: b.database.url, MaxConns: accessConnections, ApplicationName: "kontakty access", StatementTimeout: accessTimeout, Log: b.log,
	}); err != nil {
		return fmt.Errorf("connect to the database: %w", err)
	}
	if p.provider, err = b.options.provider(b.now); err != nil {
		return fmt.Errorf("the OpenID Connect provider: %w", err)
	}
	p.keys = access.NewKeys(p.pool, b.signer, b.now, b.log)
	p.audit = access.NewAudit(p.pool, b.signer, b.now)
	p.authenticator = access.NewAuthenticator(p.pool, p.keys, p.provider, b.now)
	return nil
}

// anybody says whether somebody could be let in.
func (p *principals) anybody(ctx context.Context) (bool, error) {
	if p.provider != nil {
		return true, nil
	}
	return p.keys.Configured(ctx)
}

// greet asks the provider about itself, so that the log says early what is wrong with it. Tokens that come later ask
// again.
func (p *principals) greet(ctx context.Context, log *slog.Logger) {
	if p.provider == nil {
		return
	}
	if err := p.provider.Discover(ctx); err != nil && ctx.Err() == nil {
		log.Warn("the OpenID Connect provider does not answer yet", "error", err)
	}
}
