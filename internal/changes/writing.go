package changes

import "fmt"

// Kind is what happened to a contact, as the log has it.
type Kind string

// The kinds.
const (
	New       Kind = "n"
	Changed   Kind = "c"
	Retracted Kind = "r" // as if it had never been recorded
	Erased    Kind = "e"
)

// Tell says within a transaction that it logs what it changes of contacts; without it the database refuses the change.
const Tell = "SELECT set_config('kontakty.feed', pg_current_xact_id()::text, true)"

// LeaveNew leaves that contacts are new, $1 are our own numbers of them, to be numbered after the commit.
const LeaveNew = "INSERT INTO contact_changes_unnumbered (contact_id, kind) SELECT id, 'n' FROM unnest($1::bigint[]) id"

// LogNew logs that contacts are new, $1 are our own numbers of them, with their positions: from there to the commit nobody else
// numbers anything, so nothing should follow it.
const LogNew = "SELECT log_new_contacts(0, $1::bigint[])"

// Restart begins an epoch behind which no position is good, as contacts are written without being logged; $1 says why.
const Restart = "SELECT restart_contact_changes($1::text)"

// was are the columns of contacts that the log keeps as they were.
const was = "started_at, type, status, campaign_id, agent_id, queue_id, classifier_id, site_call_id, record_id, ticket_id, source_key, destination_key"

// LeaveRemoved has a statement that deletes contacts, called t there, leave what they were. The statement returns nothing by itself.
func LeaveRemoved(deletion string, kind Kind) string {
	return fmt.Sprintf(`WITH removed AS (%s RETURNING t.*)
		INSERT INTO contact_changes_unnumbered (contact_id, kind, was_started_at, was_type, was_status, was_campaign_id, was_agent_id, was_queue_id,
			was_classifier_id, was_site_call_id, was_record_id, was_ticket_id, was_source_key, was_destination_key)
		SELECT id, '%s', %s FROM removed`, deletion, kind, was)
}
