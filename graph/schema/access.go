package schema

import (
	"time"

	"github.com/kontakty/kontakty/internal/access"
	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/relay"
	"github.com/kontakty/kontakty/internal/telephony/sources"
)

// The pages and rows of the lists for administrators.
type (
	APIKeyConnection     = relay.Connection[*access.Key]
	APIKeyEdge           = relay.Edge[*access.Key]
	AuditEventConnection = relay.Connection[*access.Event]
	AuditEventEdge       = relay.Edge[*access.Event]
)

// Grants are grants as the API shows them: lists are empty rather than missing.
type Grants struct{ access.Grants }

// Agent is the holder's own agent, nil for none.
func (g Grants) Agent() *string {
	if g.Grants.Agent == "" {
		return nil
	}
	return &g.Grants.Agent
}

// AuditEventFilter narrows the audit log.
type AuditEventFilter struct {
	Actions   []access.Action
	Principal *string
	SubjectID *string
}

// Wanted is the filter as the audit log takes it. Errors: INVALID_ID.
func (f *AuditEventFilter) Wanted() (access.AuditFilter, error) {
	var wanted access.AuditFilter
	if f == nil {
		return wanted, nil
	}
	wanted.Actions = f.Actions
	if f.Principal != nil {
		wanted.Principal = *f.Principal
	}
	if f.SubjectID == nil {
		return wanted, nil
	}
	kind, number, err := relay.DecodeID(*f.SubjectID)
	if err != nil {
		return wanted, fault.At("subjectId", err)
	}
	subject, found := access.SubjectKindOf(kind)
	if !found {
		return wanted, fault.New(fault.IDMalformed, "subjectId")
	}
	wanted.SubjectKind, wanted.SubjectID = subject, number
	return wanted, nil
}

// CreateAPIKeyInput says what key is wanted.
type CreateAPIKeyInput struct {
	Name             string
	Scopes           []access.Scope
	Grants           *access.Grants
	ExpiresAt        *time.Time
	ClientMutationID *string
}

// Wanted is the input as keys are made of it.
func (i CreateAPIKeyInput) Wanted() access.KeyInput {
	wanted := access.KeyInput{Name: i.Name, Scopes: i.Scopes, ExpiresAt: i.ExpiresAt}
	if i.Grants != nil {
		wanted.Grants = *i.Grants
	}
	return wanted
}

// CreateAPIKeyPayload answers the making of a key.
type CreateAPIKeyPayload struct {
	APIKey *access.Key
	// Key is the key itself.
	Key              string
	ClientMutationID *string
}

// RevokeAPIKeyInput names a key that is no longer wanted.
type RevokeAPIKeyInput struct {
	ID               string
	ClientMutationID *string
}

// RevokeAPIKeyPayload answers the revoking of a key.
type RevokeAPIKeyPayload struct {
	APIKey           *access.Key
	ClientMutationID *string
}

// SourceSummary is how taking in the rows of a telephone system stands.
type SourceSummary struct{ sources.Source }

// WithoutContact are the calls that came to no contact, by their reasons.
func (s *SourceSummary) WithoutContact() []CallsWithoutContactCount {
	counts := make([]CallsWithoutContactCount, len(s.Without))
	for i, one := range s.Without {
		counts[i] = CallsWithoutContactCount{WithoutContactReason(one.Reason), one.Calls}
	}
	return counts
}

// CallsWithoutContactCount is how many calls came to no contact for one reason.
type CallsWithoutContactCount struct {
	Reason WithoutContactReason
	Calls  int64
}

// WithoutContactReason is why a call came to no contact: a telephony.Reason.
type WithoutContactReason string

// SourceSummaries are how all telephone systems stand.
func SourceSummaries(all []sources.Source) []*SourceSummary {
	summaries := make([]*SourceSummary, len(all))
	for i, one := range all {
		summaries[i] = &SourceSummary{one}
	}
	return summaries
}
