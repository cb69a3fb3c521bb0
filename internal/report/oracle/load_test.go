package oracle

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/relay"
)

// load puts a world into a migrated database with plain COPY, past everything that the product itself writes with.
func load(t *testing.T, pool *pgxpool.Pool, w *world) {
	t.Helper()
	ctx := t.Context()
	for _, month := range w.months() {
		if _, err := pool.Exec(ctx, "SELECT ensure_contact_partitions($1, $1)", month); err != nil {
			t.Fatalf("make the partition of %s: %v", month.Format("2006-01"), err)
		}
	}
	loadDimensions(t, pool, w)
	contacts := table{name: "contacts", columns: []string{
		"id", "started_at", "type", "status", "hangup_party", "details_kind", "campaign_id", "agent_id", "queue_id", "classifier_id",
		"site_call_id", "record_id", "ivr_time", "ring_time", "agent_talk_time", "external_id", "ticket_id",
		"site_call_order_id", "source_address", "source_key", "destination_address", "destination_key", "cc_addresses",
		"bcc_addresses", "to_addresses", "outcome", "queue_time", "time_to_answer", "lost_after", "client", "facts_missing",
	}}
	identities := table{name: "contact_identities", columns: []string{"contact_id", "external_id", "started_at", "revision", "content_hash"}}
	steps := table{name: "ivr_steps", columns: []string{"contact_started_at", "contact_id", "position", "kind", "entered_at", "left_at", "name", "choice"}}
	addresses := table{name: "contact_addresses", columns: []string{"contact_started_at", "contact_id", "role", "key"}}
	details := table{name: "contact_details", columns: []string{"contact_started_at", "contact_id", "content"}}
	for _, r := range w.rows {
		contacts.add(r.ID, r.StartedAt, r.Type, r.Status, r.HangupParty, r.DetailsKind, r.CampaignID, r.AgentID, r.QueueID, r.ClassifierID,
			r.SiteCallID, r.RecordID, r.IVRTime, r.RingTime, r.AgentTalkTime, r.ExternalID, r.TicketID,
			r.SiteCallOrderID, r.SourceAddress, productKey(r.SourceAddress), r.DestinationAddress, productKey(r.DestinationAddress), r.CCAddresses,
			r.BCCAddresses, r.ToAddresses, r.Outcome, r.QueueTime, r.TimeToAnswer, r.LostAfter, r.clientNumber(), (*string)(nil))
		for _, address := range r.further {
			addresses.add(r.StartedAt, r.ID, address.role, address.key)
		}
		hash := sha256.Sum256([]byte(r.ExternalID))
		identities.add(r.ID, r.ExternalID, r.StartedAt, 0, fmt.Sprintf(`\x%x`, hash))
		if r.details != nil {
			details.add(r.StartedAt, r.ID, marshalled(t, r.details))
		}
		for i, s := range r.steps {
			steps.add(r.StartedAt, r.ID, i+1, s.kind, s.entered, s.left, s.name, s.choice)
		}
	}
	for _, filled := range []*table{&contacts, &identities, &steps, &details, &addresses, tiesOf(w), recordMonthsOf(w)} {
		filled.copyTo(ctx, t, pool)
	}
	if _, err := pool.Exec(ctx, "ANALYZE contacts, ivr_steps, contact_identities, contact_addresses"); err != nil {
		t.Fatalf("analyze: %v", err)
	}
}

// tiesOf are what the contacts of every campaign and of every agent point at.
func tiesOf(w *world) *table {
	ties := &table{name: "contact_ties", columns: []string{"owner_kind", "owner_id", "thing_kind", "thing_id"}}
	written := map[[4]any]bool{}
	for _, r := range w.rows {
		things := map[relay.Kind]*int64{
			relay.CampaignKind: r.CampaignID, relay.AgentKind: r.AgentID, relay.QueueKind: r.QueueID,
			relay.ClassifierKind: r.ClassifierID, relay.SiteCallKind: r.SiteCallID,
		}
		for _, owner := range []relay.Kind{relay.CampaignKind, relay.AgentKind} {
			for thing, id := range things {
				if things[owner] == nil || id == nil || owner == thing {
					continue
				}
				if tie := [4]any{owner, *things[owner], thing, *id}; !written[tie] {
					written[tie] = true
					ties.add(tie[:]...)
				}
			}
		}
	}
	return ties
}

// recordMonthsOf are the months in which contacts point at records.
func recordMonthsOf(w *world) *table {
	months := &table{name: "record_months", columns: []string{"record_id", "month"}}
	written := map[[2]any]bool{}
	for _, r := range w.rows {
		if r.RecordID == nil {
			continue
		}
		if one := [2]any{*r.RecordID, r.StartedAt.UTC().Format("2006-01") + "-01"}; !written[one] {
			written[one] = true
			months.add(one[:]...)
		}
	}
	return months
}

func loadDimensions(t *testing.T, pool *pgxpool.Pool, w *world) {
	t.Helper()
	agents := table{name: "agents", columns: []string{"id", "external_id", "name", "deleted_at"}}
	for _, agent := range w.agents {
		agents.add(agent.ID, agent.ExternalID, agent.Name, agent.DeletedAt)
	}
	groups := table{name: "agent_groups", columns: []string{"id", "external_id", "name"}}
	members := table{name: "agent_group_members", columns: []string{"agent_group_id", "agent_id"}}
	for _, g := range w.groups {
		groups.add(g.id, fmt.Sprintf("group-%d", g.id), fmt.Sprintf("Grupa %d", g.id))
		for _, member := range g.members {
			members.add(g.id, member)
		}
	}
	filled := []*table{&agents, &groups, &members}
	for name, ids := range map[string][]int64{
		"campaigns": w.campaigns, "queues": w.queues, "classifiers": w.classifiers, "site_calls": w.siteCalls,
	} {
		named := &table{name: name, columns: []string{"id", "external_id", "name"}}
		for _, id := range ids {
			named.add(id, fmt.Sprintf("%s-%d", name, id), fmt.Sprintf("%s %d", name, id))
		}
		filled = append(filled, named)
	}
	records := &table{name: "records", columns: []string{"id", "external_id", "significant_name", "significant_value"}}
	for _, id := range w.records {
		r := recordOf(id)
		records.add(r.ID, r.ExternalID, r.SignificantName, r.SignificantValue)
	}
	for _, one := range append(filled, records) {
		one.copyTo(t.Context(), t, pool)
	}
}

// productKey is the normalised address as the product writes it beside the raw one.
func productKey(raw *string) *string {
	if raw == nil {
		return nil
	}
	key, err := contact.NormalizeAddress(*raw)
	if err != nil {
		return nil
	}
	return &key
}

// table is rows of a table as CSV.
type table struct {
	name    string
	columns []string
	csv     strings.Builder
}

func (t *table) add(values ...any) {
	for i, value := range values {
		if i > 0 {
			t.csv.WriteByte(',')
		}
		t.csv.WriteString(field(value))
	}
	t.csv.WriteByte('\n')
}

func (t *table) copyTo(ctx context.Context, tb testing.TB, pool *pgxpool.Pool) {
	tb.Helper()
	connection, err := pool.Acquire(ctx)
	if err != nil {
		tb.Fatalf("copy %s: %v", t.name, err)
	}
	defer connection.Release()
	statement := fmt.Sprintf("COPY %s (%s) FROM STDIN (FORMAT csv)", t.name, strings.Join(t.columns, ", "))
	if _, err := connection.Conn().PgConn().CopyFrom(ctx, io.Reader(strings.NewReader(t.csv.String())), statement); err != nil {
		tb.Fatalf("copy %s: %v", t.name, err)
	}
}

// field writes a value for COPY's CSV, in which an unquoted nothing is NULL.
func field(value any) string {
	switch v := value.(type) {
	case *int64:
		return optional(v)
	case *int:
		return optional(v)
	case *string:
		return optional(v)
	case *time.Time:
		return optional(v)
	case *contact.HangupParty:
		return optional(v)
	case *contact.Outcome:
		return optional(v)
	case *contact.DetailsKind:
		return optional(v)
	case time.Time:
		return quoted(v.UTC().Format("2006-01-02 15:04:05.999999") + "+00")
	case []string:
		elements := slices.Clone(v)
		for i, element := range elements {
			elements[i] = `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(element) + `"`
		}
		return quoted("{" + strings.Join(elements, ",") + "}")
	default:
		return quoted(fmt.Sprint(v))
	}
}

func marshalled(t *testing.T, value any) string {
	t.Helper()
	text, err := json.Marshal(value)
	if err != nil {
		t.Fatalf("write %T: %v", value, err)
	}
	return string(text)
}

func optional[T any](value *T) string {
	if value == nil {
		return ""
	}
	return field(*value)
}

func quoted(text string) string { return `"` + strings.ReplaceAll(text, `"`, `""`) + `"` }

// clientNumber is another number for each client, as the product writes it, null without one.
func (r *row) clientNumber() *int64 {
	client := r.client()
	if client == "" {
		return nil
	}
	sum := sha256.Sum256([]byte(client))
	return pointer(int64(binary.LittleEndian.Uint64(sum[8:])))
}
