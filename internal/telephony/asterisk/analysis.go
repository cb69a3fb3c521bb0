package asterisk

import (
	"path"
	"slices"
	"strings"
	"time"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/telephony"
)

// analysis is a call read by CEL.
type analysis struct {
	base
	*trace
	roots []*root
	own   []*channel
	done  []telephony.Contact
}

// campaignOf is the campaign of a root's own row.
func (a *analysis) campaignOf(r *root) *telephony.Reference {
	if r.direction != inbound {
		if a.source.OutboundCampaign == "byCallerId" {
			return a.names.CampaignOfNumber(a.shownNumber(r))
		}
		return nil
	}
	queues, campaign := a.queuesOf(r), false
	did := a.didOf(r)
	for i := range a.events {
		e := &a.events[i]
		if e.uid() == r.client.uid {
			step := a.names.Step(e.field(celContext))
			campaign = campaign || step != nil && isCampaignStep(step.Kind)
		}
	}
	if named := a.names.CampaignOfNumber(did); named != nil {
		return named
	}
	if len(queues) > 0 || campaign {
		return a.campaignBy(did, lastOf(queues))
	}
	return nil
}

// didOf is the number that a client called.
func (a *analysis) didOf(r *root) string {
	if exten := r.client.exten; exten != "s" && exten != "" {
		return exten
	}
	if did := a.cdr.value(r.client.uid, "did"); did != "" {
		return did
	}
	return r.client.dnid
}

// queuesOf are the queues that the client entered before the first transfer.
func (a *analysis) queuesOf(r *root) []string {
	var queues []string
	for i := range a.events {
		e := &a.events[i]
		if len(r.transfers) > 0 && int64(i) >= r.transfers[0].at {
			break
		}
		if e.uid() == r.client.uid && e.kind() == "APP_START" && e.field(celApp) == "Queue" {
			queues = append(queues, firstArgument(e.field(celAppData)))
		}
	}
	return queues
}

// setDetails puts into a root's own row what only the rows of its channels say: recording, classifier, ticket, record.
func (a *analysis) setDetails(c *telephony.Contact, s *segment, steps []*step) {
	voicemail := false
	for _, st := range steps {
		voicemail = voicemail || st.kind == contact.VoicemailStep
	}
	if len(s.root.talks) > 0 || voicemail {
		a.setRecordings(c)
	}
	a.fill(c, "classifier", a.eventValue("KONTAKTY_CLASSIFIER"))
	a.fill(c, "ticketId", a.eventValue("KONTAKTY_TICKET"))
	a.fill(c, "record", a.eventValue("KONTAKTY_RECORD"))
}

// setRecordings puts the recordings of the call into a contact: the first, and all where there are several.
func (a *analysis) setRecordings(c *telephony.Contact) {
	files := a.recordings()
	if len(files) == 0 {
		return
	}
	all := make([]contact.Recording, len(files))
	for i, file := range files {
		all[i].Path = recordingPath(a.source.Recordings, file, c.StartedAt)
	}
	c.Details = telephony.Recording(all[0].Path, nil)
	if len(all) > 1 {
		c.Details.Recordings = all
	}
}

// recordings are the files of the recordings, by CDR, else by MixMonitor, each once and in their order.
func (a *analysis) recordings() []string {
	if a.source.Recordings == "" {
		return nil
	}
	var files []string
	add := func(file string) {
		if file != "" && !slices.Contains(files, file) {
			files = append(files, file)
		}
	}
	for _, ch := range a.channels {
		for _, row := range a.cdr {
			if row.field("uniqueid") == ch.uid {
				add(row.field("recordingfile"))
			}
		}
	}
	if len(files) > 0 {
		return files
	}
	for i := range a.events {
		if e := &a.events[i]; e.kind() == "APP_START" && e.field(celApp) == "MixMonitor" {
			add(path.Base(firstArgument(e.field(celAppData))))
		}
	}
	return files
}

// recordingPath is where a recording lies: names of FreePBX have their date between the third and the fourth dash.
func recordingPath(form, file string, began time.Time) string {
	file = path.Base(file)
	date := began
	if parts := strings.Split(file, "-"); len(parts) > 3 {
		if named, err := time.Parse("20060102", parts[3]); err == nil {
			date = named
		}
	}
	return strings.NewReplacer("{yyyy}", date.Format("2006"), "{mm}", date.Format("01"), "{dd}", date.Format("02"), "{file}", file).Replace(form)
}

// eventValue is what the dialplan said last by a user event of that name.
func (a *analysis) eventValue(name string) string {
	value := ""
	for i := range a.events {
		e := &a.events[i]
		if e.kind() == name || e.kind() == "USER_DEFINED" && e.field(celUserType) == name {
			value = strings.TrimSpace(e.extra().Extra)
		}
	}
	return value
}

// setWay puts a way into a contact of the call.
func (a *analysis) setWay(c *telephony.Contact, steps []*step) {
	a.setSteps(c, steps, a.last, a.over)
}
