// Package reader makes rows of what an Asterisk writes: lines of its files, and rows of its tables.
package reader

import (
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/kontakty/kontakty/internal/telephony"
	"github.com/kontakty/kontakty/internal/telephony/asterisk"
)

// Times of files are read in three forms: seconds since 1970 with or without a fraction, and local time with or without one.
const localTime = "2006-01-02 15:04:05"

// A row outside of these seconds, the years 2000 to 2100, is a clock gone wrong.
const (
	earliest = 946_684_800
	latest   = 4_102_444_800
)

// The places of the values of CEL without which a row says nothing.
var (
	celType, celTime         = celColumn("eventtype"), celColumn("eventtime")
	celChannel               = celColumn("channame")
	celUniqueID, celLinkedID = celColumn("uniqueid"), celColumn("linkedid")
)

func celColumn(name string) int { return slices.Index(asterisk.CELColumns, name) }

func cdrColumn(name string) int { return slices.Index(asterisk.CDRColumns, name) }

// errBadRow is what a line that is no row of its kind ends in. It shows nothing of the line.
var errBadRow = errors.New("is not a row of this format")

// Lines makes rows of the lines of a file.
type Lines struct {
	zone    *time.Location
	read    func(*Lines, []string) (telephony.Row, error)
	split   func(string) ([]string, error)
	columns []int // the place of each value of a line among the row's, -1 for none
	last    time.Time
}

// NewCEL reads lines of cel_custom, whose columns are the usual ones if none are named.
func NewCEL(zone *time.Location, columns []string) (*Lines, error) {
	if len(columns) == 0 {
		columns = asterisk.CELColumns
	}
	r := &Lines{zone: zone, read: (*Lines).readCEL, split: splitCSV}
	for _, name := range columns {
		place := slices.Index(asterisk.CELColumns, name)
		if place < 0 && name != "amaflags" && name != "-" {
			return nil, errors.New("columns: " + name + " is none of " + strings.Join(asterisk.CELColumns, ", ") + ", amaflags, -")
		}
		r.columns = append(r.columns, place)
	}
	for _, needed := range []int{celType, celTime, celChannel, celUniqueID, celLinkedID} {
		if !slices.Contains(r.columns, needed) {
			return nil, errors.New("columns: " + asterisk.CELColumns[needed] + " is missing")
		}
	}
	return r, nil
}

// NewCDR reads lines of Master.csv.
func NewCDR(zone *time.Location) *Lines {
	return &Lines{zone: zone, read: (*Lines).readCDR, split: splitCSV}
}

// NewQueueLog reads lines of queue_log.
func NewQueueLog(zone *time.Location) *Lines {
	split := func(line string) ([]string, error) { return strings.Split(line, "|"), nil }
	return &Lines{zone: zone, read: (*Lines).readQueueLog, split: split}
}

// Read makes a row of a line. A line that says nothing of a call gives a row without a channel.
func (r *Lines) Read(line string, number int64) (telephony.Row, error) {
	values, err := r.split(telephony.Clean(line))
	if err != nil {
		return telephony.Row{}, errBadRow
	}
	row, err := r.read(r, values)
	if err != nil {
		return telephony.Row{}, err
	}
	row.Key, row.Ordinal = hashOf(line), -number
	return row, nil
}

// hashOf is the key of a line that has no id.
func hashOf(line string) string {
	sum := sha256.Sum256([]byte(line))
	return "h" + base64.RawURLEncoding.EncodeToString(sum[:15])
}

// splitCSV cuts a line whose values stand in quotes, doubled within them, or bare.
func splitCSV(line string) ([]string, error) {
	values := make([]string, 0, 24)
	for {
		var value string
		switch {
		case strings.HasPrefix(line, `"`):
			end := 1
			for {
				quote := strings.IndexByte(line[end:], '"')
				if quote < 0 {
					return nil, errBadRow
				}
				if end += quote + 1; end >= len(line) || line[end] != '"' {
					break
				}
				end++
			}
			value, line = strings.ReplaceAll(line[1:end-1], `""`, `"`), line[end:]
		default:
			end := strings.IndexByte(line, ',')
			if end < 0 {
				end = len(line)
			}
			value, line = line[:end], line[end:]
		}
		values = append(values, value)
		if line == "" {
			return values, nil
		}
		if line[0] != ',' {
			return nil, errBadRow
		}
		line = line[1:]
	}
}

func (r *Lines) readCEL(values []string) (telephony.Row, error) {
	if len(values) != len(r.columns) {
		return telephony.Row{}, errBadRow
	}
	fields := make([]string, len(asterisk.CELColumns))
	for i, place := range r.columns {
		if place >= 0 {
			fields[place] = values[i]
		}
	}
	return r.celRow(fields)
}

// celRow makes a row of the values of CEL.
func (r *Lines) celRow(fields []string) (telephony.Row, error) {
	if fields[celType] == "" || fields[celUniqueID] == "" {
		return telephony.Row{}, errBadRow
	}
	at, err := r.instant(fields[celTime], fields[celUniqueID])
	if err != nil {
		return telephony.Row{}, err
	}
	endpoint := asterisk.Endpoint(fields[celChannel])
	row := telephony.Row{Kind: telephony.CEL, At: at, Channel: fields[celUniqueID], Endpoint: endpoint, Fields: fields}
	if linked := fields[celLinkedID]; linked != "" && linked != row.Channel {
		row.Links = []string{linked}
	}
	return row, nil
}

// instant reads a time of a file. A local time is the earliest instant of it that does not lie more than two seconds before
// the row before; the first one is compared with the epoch that the unique id begins with.
func (r *Lines) instant(text, uid string) (time.Time, error) {
	if len(text) >= 9 && text[4] != '-' {
		return epochTime(text)
	}
	at, err := time.ParseInLocation(localTime, text, r.zone)
	if err != nil || at.Unix() < earliest || at.Unix() > latest {
		return time.Time{}, errBadRow
	}
	return r.resolve(at, uid), nil
}

// resolve chooses among the instants of a local time.
func (r *Lines) resolve(at time.Time, uid string) time.Time {
	after := r.last
	if epoch, ok := asterisk.EpochOf(uid); after.IsZero() && ok {
		after = time.Unix(epoch, 0)
	}
	candidates := instantsOf(at)
	chosen := candidates[len(candidates)-1]
	for _, candidate := range candidates {
		if after.IsZero() || !candidate.Before(after.Add(-2*time.Second)) {
			chosen = candidate
			break
		}
	}
	r.last = chosen
	return chosen
}

// instantsOf are the instants that a local time may be, the earliest first: two in the hour that comes twice.
func instantsOf(at time.Time) []time.Time {
	wall := at.Format(localTime)
	for _, shift := range []time.Duration{-time.Hour, time.Hour} {
		if other := at.Add(shift); other.Format(localTime) == wall {
			if other.Before(at) {
				return []time.Time{other, at}
			}
			return []time.Time{at, other}
		}
	}
	return []time.Time{at}
}

func epochTime(text string) (time.Time, error) {
	whole, fraction, _ := strings.Cut(text, ".")
	second, err := strconv.ParseInt(whole, 10, 64)
	if err != nil || second < earliest || second > latest || len(fraction) > 9 {
		return time.Time{}, errBadRow
	}
	micros := int64(0)
	if fraction != "" {
		if micros, err = strconv.ParseInt((fraction + "000000")[:6], 10, 64); err != nil {
			return time.Time{}, errBadRow
		}
	}
	return time.Unix(second, micros*1000), nil
}

// readQueueLog reads a line of queue_log: time, callid, queue, agent, event and up to five values.
func (r *Lines) readQueueLog(values []string) (telephony.Row, error) {
	if len(values) < 5 {
		return telephony.Row{}, errBadRow
	}
	fields := make([]string, asterisk.QueueLogValues)
	copy(fields, values)
	return r.queueLogRow(fields)
}

func (r *Lines) queueLogRow(fields []string) (telephony.Row, error) {
	at, err := r.instant(fields[0], fields[1])
	if err != nil {
		return telephony.Row{}, err
	}
	fields[0] = strconv.FormatInt(at.Unix(), 10)
	row := telephony.Row{Kind: telephony.QueueLog, At: at, Channel: fields[1], Fields: fields}
	if _, ok := asterisk.EpochOf(row.Channel); !ok {
		row.Channel = "" // QUEUESTART, ADDMEMBER, PAUSE and the like
	}
	return row, nil
}

// readCDR reads a line of Master.csv: 16 values, then uniqueid and userfield if they are logged, then three newer ones.
func (r *Lines) readCDR(values []string) (telephony.Row, error) {
	fields := make([]string, len(asterisk.CDRColumns))
	if len(values) < 16 {
		return telephony.Row{}, errBadRow
	}
	copy(fields[:16], values[:16])
	rest := values[16:]
	if len(rest) > 0 && looksLikeID(rest[0]) {
		fields[cdrColumn("uniqueid")], rest = rest[0], rest[1:]
	}
	switch len(rest) {
	case 0:
	case 1:
		fields[cdrColumn("userfield")] = rest[0]
	case 3:
		copy(fields[cdrColumn("peeraccount"):], rest)
	case 4:
		copy(fields[cdrColumn("userfield"):], rest)
	default:
		return telephony.Row{}, errBadRow
	}
	return r.cdrRow(fields)
}

func looksLikeID(text string) bool {
	_, ok := asterisk.EpochOf(text)
	return ok && strings.Contains(text, ".")
}

// cdrRow makes a row of the values of CDR, whose times become seconds since 1970.
func (r *Lines) cdrRow(fields []string) (telephony.Row, error) {
	uid := fields[cdrColumn("uniqueid")]
	if uid == "" {
		return telephony.Row{}, errBadRow
	}
	var last time.Time
	for _, column := range []string{"start", "answer", "end"} {
		text := fields[cdrColumn(column)]
		if text == "" || strings.HasPrefix(text, "0000-00-00") {
			fields[cdrColumn(column)] = ""
			continue
		}
		r.last = time.Time{} // rows are in the order of their ends: each is compared with its own unique id
		at, err := r.instant(text, uid)
		if err != nil {
			return telephony.Row{}, err
		}
		fields[cdrColumn(column)] = strconv.FormatInt(at.Unix(), 10)
		last = at
	}
	if fields[cdrColumn("start")] == "" {
		return telephony.Row{}, errBadRow
	}
	endpoint := asterisk.Endpoint(fields[cdrColumn("channel")])
	row := telephony.Row{Kind: telephony.CDR, At: last.Truncate(time.Second), Channel: uid, Endpoint: endpoint, Fields: fields}
	if linked := fields[cdrColumn("linkedid")]; linked != "" && linked != uid {
		row.Links = []string{linked}
	}
	return row, nil
}
