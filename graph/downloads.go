package graph

import (
	"context"

	"github.com/kontakty/kontakty/graph/schema"
	"github.com/kontakty/kontakty/internal/access"
	"github.com/kontakty/kontakty/internal/export"
	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/relay"
)

// onInputID does something with the number that the id of an input stands for. Errors: INVALID_ID and those of do, at
// "input.id".
func onInputID[T any](kind relay.Kind, id string, do func(int64) (T, error)) (T, error) {
	var none T
	number, err := relay.DecodeIDOf(kind, id)
	if err != nil {
		return none, fault.At("input.id", err)
	}
	done, err := do(number)
	return done, fault.At("input.id", err)
}

func (r *Resolver) cancelDownload(ctx context.Context, input schema.CancelDownloadInput) (*schema.CancelDownloadPayload, error) {
	return onInputID(relay.DownloadKind, input.ID, func(id int64) (*schema.CancelDownloadPayload, error) {
		cancelled, err := r.config.Downloads.Cancel(ctx, actorOf(ctx).Principal, id)
		if err != nil {
			return nil, err
		}
		return &schema.CancelDownloadPayload{Download: cancelled, ClientMutationID: input.ClientMutationID}, nil
	})
}

func (r *Resolver) deleteDownload(ctx context.Context, input schema.DeleteDownloadInput) (*schema.DeleteDownloadPayload, error) {
	return onInputID(relay.DownloadKind, input.ID, func(id int64) (*schema.DeleteDownloadPayload, error) {
		if err := r.config.Downloads.Delete(ctx, actorOf(ctx).Principal, id); err != nil {
			return nil, err
		}
		return &schema.DeleteDownloadPayload{DeletedDownloadID: input.ID, ClientMutationID: input.ClientMutationID}, nil
	})
}

func (r *Resolver) revokeKey(ctx context.Context, input schema.RevokeAPIKeyInput) (*schema.RevokeAPIKeyPayload, error) {
	return onInputID(relay.APIKeyKind, input.ID, func(id int64) (*schema.RevokeAPIKeyPayload, error) {
		revoked, err := r.config.Access.Keys.Revoke(ctx, actorOf(ctx), id)
		if err != nil {
			return nil, err
		}
		return &schema.RevokeAPIKeyPayload{APIKey: revoked, ClientMutationID: input.ClientMutationID}, nil
	})
}

// watchDownload sends a download at once and with every change, until it is finished.
func (r *Resolver) watchDownload(ctx context.Context, id string) (<-chan *export.Download, error) {
	number, err := relay.DecodeIDOf(relay.DownloadKind, id)
	if err != nil {
		return nil, fault.At("id", err)
	}
	updates, err := r.config.Downloads.Watch(ctx, actorOf(ctx).Principal, number)
	return r.whilePermitted(ctx, updates), fault.At("id", err)
}

// whilePermitted passes updates on for as long as their subscriber may see files: a stream can outlive an API key.
func (r *Resolver) whilePermitted(ctx context.Context, updates <-chan *export.Download) <-chan *export.Download {
	if updates == nil {
		return nil
	}
	passed := make(chan *export.Download)
	go func() {
		defer close(passed)
		for update := range updates { // they end with the context
			now, err := r.config.Access.Authenticator.Current(ctx, actorOf(ctx).String())
			if err != nil || !now.May(access.ScopeExports) {
				return
			}
			select {
			case passed <- update:
			case <-ctx.Done():
				return
			}
		}
	}()
	return passed
}
