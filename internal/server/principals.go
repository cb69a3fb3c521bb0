package server

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/kontakty/kontakty/internal/access"
	"github.com/kontakty/kontakty/internal/postgres"
	"github.com/kontakty/kontakty/internal/statement"
)

// principals say who a caller is and what they may do, now or when their file is made, and write down what they did.
type principals struct {
	pool          *postgres.Pool // their own: nothing else holds them up
	provider      *access.OIDC   // nil where only keys are taken
	keys          *access.Keys
	audit         *access.Audit
	authenticator *access.Authenticator
}

// openPrincipals opens connections to recognise callers by; the provider is none without an issuer.
func (b *backend) openPrincipals(ctx context.Context) (err error) {
	var p principals
	if provider := b.config.SignIn.Provider; provider.Issuer != "" {
		provider.Now = b.now
		if p.provider, err = access.NewOIDC(provider); err != nil {
			return fmt.Errorf("the OpenID Connect provider: %w", err)
		}
	}
	if p.pool, err = postgres.Open(ctx, postgres.Config{
		URL: b.database.url, Pooled: b.database.pooled, MaxConns: accessConnections, ApplicationName: "kontakty access", StatementTimeout: accessTimeout,
		Tracer: b.database.watching(statement.Access, b.log), Log: b.log,
	}); err != nil {
		return fmt.Errorf("connect to the database: %w", err)
	}
	p.keys = access.NewKeys(p.pool, b.signer, b.now, b.log)
	p.audit = access.NewAudit(p.pool, b.signer, b.now)
	p.audit.Failed = b.metrics.AuditFailure
	p.authenticator = access.NewAuthenticator(p.pool, p.keys, p.provider, b.now)
	p.authenticator.Refused = b.authFailed
	if err := p.warnOfRestrictedWriters(ctx, b.log); err != nil {
		p.pool.Close()
		return err
	}
	b.principals = &p
	return nil
}

// warnOfRestrictedWriters tells of keys from before writing was for the unrestricted alone.
func (p *principals) warnOfRestrictedWriters(ctx context.Context, log *slog.Logger) error {
	keyIDs, err := p.keys.RestrictedWriters(ctx)
	if err == nil && len(keyIDs) > 0 {
		log.Warn("keys that do not see every contact no longer record any; make others for sources", "keys", keyIDs)
	}
	return err
}

// haveCredentials says whether anybody could sign in.
func (p *principals) haveCredentials(ctx context.Context) (bool, error) {
	if p.provider != nil {
		return true, nil
	}
	return p.keys.Configured(ctx)
}

// discoverProvider asks the provider about itself, so that the log says early what is wrong with it. Tokens that come
// later ask again.
func (p *principals) discoverProvider(ctx context.Context, log *slog.Logger) {
	if p.provider == nil {
		return
	}
	if err := p.provider.Discover(ctx); err != nil && ctx.Err() == nil {
		log.Warn("the OpenID Connect provider does not answer yet", "error", err)
	}
}
