package asterisk

import (
	"path"
	"strings"
	"time"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/ingest/format"
	"github.com/kontakty/kontakty/internal/telephony"
)

// setDetails puts into a root's own row what only the rows of its channels say: recording, classifier, ticket, record.
func (a *analysis) setDetails(c *telephony.Contact, s *segment, steps []*step) {
	voicemail := false
	for _, st := range steps {
		voicemail = voicemail || st.kind == contact.VoicemailStep
	}
	if len(s.root.talks) > 0 || voicemail {
		if file := a.recordingOf(s.root); file != "" {
			c.Details = telephony.Recording(recordingPath(a.source.Recordings, file, c.StartedAt), nil)
		}
	}
	a.fill(c, "classifier", a.eventValue("KONTAKTY_CLASSIFIER"))
	a.fill(c, "ticketId", a.eventValue("KONTAKTY_TICKET"))
	a.fill(c, "record", a.eventValue("KONTAKTY_RECORD"))
}

// recordingOf is the file of the recording, by CDR, else by the first MixMonitor; empty if there is none.
func (a *analysis) recordingOf(r *root) string {
	if a.source.Recordings == "" {
		return ""
	}
	for _, ch := range a.channels {
		if file := a.records.value(ch.uid, "recordingfile"); file != "" {
			return file
		}
	}
	for i := range a.events {
		if e := &a.events[i]; e.kind() == "APP_START" && e.field(celApp) == "MixMonitor" {
			return path.Base(firstArgument(e.field(celAppData)))
		}
	}
	return ""
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

// fill sets a field that the configuration may take from a column; what the dialplan said wins.
func (b *base) fill(c *telephony.Contact, field, said string) {
	value := said
	if column := b.source.Fields[field]; value == "" && column != "" {
		value = b.columnValue(column)
	}
	if value = cutText(value); value == "" {
		return
	}
	switch field {
	case "classifier":
		c.Classifier = &telephony.Reference{ExternalID: value, Name: value, Assumed: true}
	case "ticketId":
		c.TicketID = &value
	case "record":
		c.Record = &format.RecordReference{ExternalID: value}
	}
}

// columnValue is the first value of a column such as cdr.userfield among the call's rows.
func (b *base) columnValue(column string) string {
	if name, ofRecords := strings.CutPrefix(column, "cdr."); ofRecords {
		return b.records.first(name)
	}
	if column != "cel.accountcode" {
		return ""
	}
	for i := range b.call.Rows {
		if row := &b.call.Rows[i]; row.Kind == telephony.CEL && len(row.Fields) == celFields && row.Fields[celAccount] != "" {
			return row.Fields[celAccount]
		}
	}
	return ""
}
