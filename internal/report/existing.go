package report

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/directory"
	"github.com/kontakty/kontakty/internal/relay"
	"github.com/kontakty/kontakty/internal/report/plan"
)

// Existing says which things of a kind exist for the viewer, by our own numbers; whatever is not in the answer does not.
// What lies outside the viewer's reach is found out in the same way, and takes as long, as what does not exist at all.
func (s *Reader) Existing(ctx context.Context, kind relay.Kind, ids []int64) (map[int64]bool, error) {
	visibility := s.Visibility()
	switch {
	case kind == relay.ContactKind:
		found, err := s.Contacts(ctx, ids, 0)
		return idsOf(found), err
	case kind == relay.RecordKind && visibility.Restricted:
		return s.existingRecords(ctx, visibility, ids)
	case kind == relay.RecordKind:
		found, err := s.Records(ctx, ids)
		return idsOf(found), err
	case visibility.Restricted:
		return visibility.Has(ctx, kind, ids)
	}
	switch kind {
	case relay.AgentKind:
		found, err := s.directory.Agents(ctx, ids)
		return idsOf(found), err
	case relay.AgentGroupKind:
		found, err := s.directory.AgentGroups(ctx, ids)
		return idsOf(found), err
	case relay.CampaignKind:
		found, err := s.directory.Campaigns(ctx, ids)
		return idsOf(found), err
	case relay.QueueKind:
		found, err := s.directory.Queues(ctx, ids)
		return idsOf(found), err
	case relay.ClassifierKind:
		found, err := s.directory.Classifiers(ctx, ids)
		return idsOf(found), err
	case relay.SiteCallKind:
		found, err := s.directory.SiteCalls(ctx, ids)
		return idsOf(found), err
	default:
		return nil, fmt.Errorf("whether a %s exists", kind)
	}
}

// existingRecords says which records have a contact that is seen. All months in which any contact points at one of them are
// looked through, whatever is found, and for what does not exist as many: see plan.RecordMonths.
func (s *Reader) existingRecords(ctx context.Context, visibility *directory.Visibility, ids []int64) (map[int64]bool, error) {
	if visibility.Nothing() {
		return nil, nil
	}
	var months []time.Time
	if err := s.query(ctx, s.pool, &months, plan.RecordMonths(ids)); err != nil {
		return nil, fmt.Errorf("finding the months of records: %w", err)
	}
	if months == nil {
		months = []time.Time{s.config.Now()}
	}
	exist := make(map[int64]bool, len(ids))
	for some := range slices.Chunk(months, MaxMonths) {
		var found []int64
		if err := s.query(ctx, s.pool, &found, plan.ExistingRecords(ids, visible(visibility)[0], some)); err != nil {
			return nil, fmt.Errorf("finding records: %w", err)
		}
		for _, id := range found {
			exist[id] = true
		}
	}
	return exist, nil
}

// keysOf are the keys of contacts by our own numbers. A number that is not known gets a key at which nothing lies, so that
// what does not exist is looked for like what the viewer may not see.
func (s *Reader) keysOf(ctx context.Context, ids []int64) ([]contact.Key, error) {
	var found []struct {
		ContactID int64     `bun:"contact_id"`
		StartedAt time.Time `bun:"started_at"`
	}
	if err := s.query(ctx, s.pool, &found, plan.Identities(ids)); err != nil {
		return nil, err
	}
	starts := make(map[int64]time.Time, len(found))
	for _, one := range found {
		starts[one.ContactID] = one.StartedAt
	}
	keys := make([]contact.Key, len(ids))
	for i, id := range ids {
		start, found := starts[id]
		if !found {
			start = s.config.Now()
		}
		keys[i] = contact.Key{StartedAt: start, ID: id}
	}
	return keys, nil
}

// idsOf are the ids of what was found.
func idsOf[T any](found map[int64]T) map[int64]bool {
	exist := make(map[int64]bool, len(found))
	for id := range found {
		exist[id] = true
	}
	return exist
}

// ContactNumber is our own number of the contact with an external id, 0 where there is none: whether it exists for the
// viewer is not said. Errors: INVALID_TEXT.
func (s *Reader) ContactNumber(ctx context.Context, externalID string) (int64, error) {
	if err := contact.CheckText(externalID); err != nil {
		return 0, err
	}
	var numbers []int64
	if err := s.query(ctx, s.pool, &numbers, plan.ContactsByExternalID([]string{externalID})); err != nil {
		return 0, fmt.Errorf("finding a contact by its external id: %w", err)
	}
	return numbers[0], nil
}
