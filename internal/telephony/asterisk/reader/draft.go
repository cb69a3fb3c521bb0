package reader

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/kontakty/kontakty/internal/telephony"
	"github.com/kontakty/kontakty/internal/telephony/asterisk"
)

// recentRows is the most rows of cel that a check reads.
const recentRows = 20_000

// Recent reads the latest rows of cel, but for the beginning of what they cut in the middle.
func (t *Tables) Recent(ctx context.Context) ([]telephony.Row, error) {
	_, ids, err := t.query(ctx, "SELECT id FROM cel ORDER BY id DESC LIMIT 1")
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	last, err := strconv.ParseInt(ids[0][0], 10, 64)
	if err != nil {
		return nil, fmt.Errorf("reading the table cel: %w", err)
	}
	var rows []telephony.Row
	t.position = Position{ID: max(0, last-recentRows)}
	for more := true; more; {
		before := t.position
		batch, further, err := t.Next(ctx)
		if err != nil {
			return nil, err
		}
		if err := t.Landed(batch); err != nil {
			return nil, err
		}
		rows = append(rows, batch.Rows...)
		more = further && t.position.ID > before.ID
	}
	return rows, nil
}

// Draft fills agents, queues, campaigns and steps of a source from FreePBX's own tables, as far as they may be read. The
// notes say what a person should look at.
func (t *Tables) Draft(ctx context.Context, source *telephony.Source) (notes []string, err error) {
	if _, _, err := t.query(ctx, "SELECT id FROM cel LIMIT 1"); err != nil {
		return nil, fmt.Errorf("reading the table cel: %w", err)
	}
	for _, part := range []struct {
		what, statement string
		take            func(values []string)
	}{
		{"agents", "SELECT extension, name FROM asterisk.users ORDER BY extension", func(v []string) {
			source.Agents = append(source.Agents, telephony.SourceAgent{ExternalID: v[0], Name: nameOr(v[1], v[0]), Endpoints: []string{v[0], "99" + v[0]}})
		}},
		{"queues", "SELECT extension, descr FROM asterisk.queues_config ORDER BY extension", func(v []string) {
			source.Queues = append(source.Queues, telephony.SourceQueue{ExternalID: "q" + v[0], Name: nameOr(v[1], v[0]), Number: v[0]})
		}},
		{"campaigns", "SELECT extension, description, destination FROM asterisk.incoming WHERE extension <> '' AND cidnum = '' ORDER BY extension", func(v []string) {
			campaign := telephony.SourceCampaign{ExternalID: v[0], Name: nameOr(v[1], v[0]), Numbers: []string{v[0]}}
			if queue, ok := strings.CutPrefix(v[2], "ext-queues,"); ok {
				queue, _, _ = strings.Cut(queue, ",")
				campaign.Queues = []string{queue}
			}
			source.Campaigns = append(source.Campaigns, campaign)
		}},
		{"steps", "SELECT id, name FROM asterisk.ivr_details ORDER BY id", func(v []string) {
			source.Steps = append(source.Steps, telephony.SourceStep{Context: "ivr-" + v[0], Kind: "MENU", Name: nameOr(v[1], "ivr-"+v[0])})
		}},
	} {
		_, rows, err := t.query(ctx, part.statement)
		if err != nil {
			if ctx.Err() != nil {
				return nil, ctx.Err()
			}
			notes = append(notes, part.what+": FreePBX's own tables may not be read, so there are none; GRANT SELECT ON asterisk.* lets the next draft fill them")
			continue
		}
		for _, row := range rows {
			part.take(row)
		}
		notes = append(notes, fmt.Sprintf("%s: %d, by FreePBX's own tables; look over their names", part.what, len(rows)))
	}
	return append(notes, t.draftTrunks(ctx, source)...), nil
}

func nameOr(name, otherwise string) string {
	if name = strings.TrimSpace(name); name == "" {
		return otherwise
	}
	return name
}

// draftTrunks takes the endpoints from which calls came lately that are no agent's telephone as trunks.
func (t *Tables) draftTrunks(ctx context.Context, source *telephony.Source) []string {
	_, rows, err := t.query(ctx, "SELECT DISTINCT channame FROM (SELECT channame FROM cel ORDER BY id DESC LIMIT "+strconv.Itoa(recentRows)+") latest")
	if err != nil {
		return []string{"trunks: could not be found; name them"}
	}
	names := telephony.NewNames(source)
	seen := map[string]bool{}
	for _, row := range rows {
		endpoint := asterisk.Endpoint(row[0])
		device := strings.TrimSuffix(row[0], row[0][max(0, strings.LastIndexByte(row[0], '-')):])
		if strings.HasPrefix(row[0], "Local/") || endpoint == "" || seen[endpoint] || names.Internal(endpoint, device) {
			continue
		}
		seen[endpoint] = true
		source.Trunks = append(source.Trunks, endpoint)
	}
	return []string{fmt.Sprintf("trunks: %d, whatever called lately and is no agent's telephone; see that no telephone is among them", len(source.Trunks))}
}
