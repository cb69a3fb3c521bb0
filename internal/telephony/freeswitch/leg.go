package freeswitch

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/kontakty/kontakty/internal/telephony"
)

// Leg is what is kept of one channel of a FreeSWITCH when it has ended.
type Leg struct {
	UUID string `json:"uuid"`
	// Direction is the channel's: inbound if the other side began it.
	Direction string            `json:"direction"`
	Variables map[string]string `json:"variables"`
	// Profiles are the places that the leg went through, the oldest first.
	Profiles []Profile `json:"profiles,omitempty"`
	// Voicemail are the instants at which a voice mailbox was entered, in microseconds.
	Voicemail []int64 `json:"voicemail,omitempty"`
}

// Profile is a place that a leg went through. Instants are microseconds since 1970, 0 for never.
type Profile struct {
	Caller      string   `json:"caller,omitempty"`
	CallerName  string   `json:"callerName,omitempty"`
	Destination string   `json:"destination,omitempty"`
	Context     string   `json:"context,omitempty"`
	Created     int64    `json:"created,omitempty"`
	Bridged     int64    `json:"bridged,omitempty"`
	Transferred int64    `json:"transferred,omitempty"`
	HungUp      int64    `json:"hungUp,omitempty"`
	Called      []Called `json:"called,omitempty"`
}

// Called is a leg that a profile called.
type Called struct {
	UUID        string `json:"uuid"`
	Destination string `json:"destination"`
}

// errBadRow is what a record that is no leg ends in. It shows nothing of the record.
var errBadRow = errors.New("is not a leg of a FreeSWITCH")

// The years 2000 to 2100: a leg outside of them is a clock gone wrong.
const (
	earliest = 946_684_800
	latest   = 4_102_444_800
)

// document is a leg as mod_json_cdr writes it, and as FusionPBX keeps what mod_xml_cdr wrote.
type document struct {
	Channel   channelData          `json:"channel_data"`
	Variables map[string]flexible  `json:"variables"`
	AppLog    appLog               `json:"app_log"`
	Flow      appended[flowRecord] `json:"callflow"`
}

type channelData struct {
	Direction flexible `json:"direction"`
}

// UnmarshalJSON takes anything but an object for nothing: a PHP that empties an element writes a list.
func (c *channelData) UnmarshalJSON(raw []byte) error {
	type plain channelData
	return unlessObject(raw, (*plain)(c))
}

type appLog struct {
	Applications appended[application] `json:"applications"`
	Application  appended[application] `json:"application"`
}

// UnmarshalJSON takes anything but an object for nothing.
func (a *appLog) UnmarshalJSON(raw []byte) error {
	type plain appLog
	return unlessObject(raw, (*plain)(a))
}

type application struct {
	Name       flexible   `json:"app_name"`
	Data       flexible   `json:"app_data"`
	Stamp      flexible   `json:"app_stamp"`
	Attributes attributes `json:"@attributes"`
}

type attributes struct {
	Name  flexible `json:"app_name"`
	Data  flexible `json:"app_data"`
	Stamp flexible `json:"app_stamp"`
}

type flowRecord struct {
	Profile profileRecord `json:"caller_profile"`
	Times   timesRecord   `json:"times"`
}

type profileRecord struct {
	Caller      flexible `json:"caller_id_number"`
	CallerName  flexible `json:"caller_id_name"`
	Destination flexible `json:"destination_number"`
	Context     flexible `json:"context"`
	UUID        flexible `json:"uuid"`
	Originatee  called   `json:"originatee"`
}

type called struct {
	Several appended[calledRecord] `json:"originatee_caller_profiles"`
	One     appended[calledRecord] `json:"originatee_caller_profile"`
}

// UnmarshalJSON takes anything but an object for nothing.
func (c *called) UnmarshalJSON(raw []byte) error {
	type plain called
	return unlessObject(raw, (*plain)(c))
}

type calledRecord struct {
	UUID        flexible `json:"uuid"`
	Destination flexible `json:"destination_number"`
}

type timesRecord struct {
	Created     flexible `json:"profile_created_time"`
	Bridged     flexible `json:"bridged_time"`
	Transferred flexible `json:"transfer_time"`
	HungUp      flexible `json:"hangup_time"`
}

// appended is a list, or one value alone, and goes on where the same name comes again: an old mod_json_cdr repeats it.
type appended[T any] []T

// UnmarshalJSON appends what stands there.
func (a *appended[T]) UnmarshalJSON(raw []byte) error {
	if raw = bytes.TrimSpace(raw); len(raw) > 0 && raw[0] == '[' {
		var several []json.RawMessage
		if err := json.Unmarshal(raw, &several); err != nil {
			return err
		}
		for _, one := range several {
			if err := a.add(one); err != nil {
				return err
			}
		}
		return nil
	}
	return a.add(raw)
}

func (a *appended[T]) add(raw []byte) error {
	if !isObject(raw) {
		return nil
	}
	var one T
	if err := json.Unmarshal(raw, &one); err != nil {
		return err
	}
	*a = append(*a, one)
	return nil
}

func isObject(raw []byte) bool {
	raw = bytes.TrimSpace(raw)
	return len(raw) > 0 && raw[0] == '{'
}

func unlessObject(raw []byte, into any) error {
	if !isObject(raw) {
		return nil
	}
	return json.Unmarshal(raw, into)
}

// flexible is a text or a number; anything else is empty.
type flexible string

// UnmarshalJSON takes a text or a number as it is.
func (f *flexible) UnmarshalJSON(raw []byte) error {
	*f = ""
	switch raw = bytes.TrimSpace(raw); {
	case len(raw) == 0:
	case raw[0] == '"':
		var text string
		if err := json.Unmarshal(raw, &text); err != nil {
			return err
		}
		*f = flexible(text)
	case raw[0] == '-' || raw[0] >= '0' && raw[0] <= '9':
		*f = flexible(raw)
	}
	return nil
}

// ParseJSON reads a leg as mod_json_cdr writes it, or as FusionPBX keeps it.
func ParseJSON(content []byte) (*Leg, error) {
	var doc document
	if err := json.Unmarshal(content, &doc); err != nil {
		return nil, errBadRow
	}
	return doc.leg()
}

// leg checks a document and keeps what calls are read by.
func (d *document) leg() (*Leg, error) {
	decode := func(text flexible) string { return telephony.Clean(string(text)) }
	if strings.Contains(string(d.Variables["start_stamp"]), "%") {
		decode = func(text flexible) string {
			if plain, err := url.PathUnescape(string(text)); err == nil {
				return telephony.Clean(plain)
			}
			return telephony.Clean(string(text))
		}
	}
	leg := &Leg{UUID: decode(d.Variables["uuid"]), Variables: map[string]string{}}
	if leg.Direction = decode(d.Channel.Direction); leg.Direction == "" {
		leg.Direction = decode(d.Variables["direction"])
	}
	for name, value := range d.Variables {
		if value != "" && isKept(name) && len(value) <= maxVariable {
			leg.Variables[telephony.Clean(name)] = decode(value)
		}
	}
	for _, flow := range d.Flow {
		leg.addProfile(&flow, decode)
		if own := decode(flow.Profile.UUID); leg.UUID == "" {
			leg.UUID = own
		}
	}
	slices.SortStableFunc(leg.Profiles, func(a, b Profile) int { return int(min(1, max(-1, a.Created-b.Created))) })
	for _, app := range slices.Concat(d.AppLog.Applications, d.AppLog.Application) {
		name, data, stamp := app.Name, app.Data, app.Stamp
		if name == "" {
			name, data, stamp = app.Attributes.Name, app.Attributes.Data, app.Attributes.Stamp
		}
		isMailbox := name == "voicemail" || name == "lua" && strings.HasPrefix(decode(data), "app.lua voicemail")
		if at := micros(decode(stamp)); isMailbox && at > 0 {
			leg.Voicemail = append(leg.Voicemail, at)
		}
	}
	if leg.UUID == "" || len(leg.UUID) > 100 || leg.start() == 0 || leg.end() < leg.start() {
		return nil, errBadRow
	}
	return leg, nil
}

// maxVariable is the longest variable that is kept, in bytes.
const maxVariable = 1000

// isKept is whether a variable is: not what tells of sound and of the SIP that carried the leg.
func isKept(name string) bool {
	if name == "sip_hangup_disposition" || strings.HasPrefix(name, "sip_h_") {
		return true
	}
	for _, prefix := range []string{"rtp_", "sip_", "switch_", "ep_codec", "FreeSWITCH-", "Event-", "Core-"} {
		if strings.HasPrefix(name, prefix) {
			return false
		}
	}
	return true
}

func (l *Leg) addProfile(flow *flowRecord, decode func(flexible) string) {
	p := Profile{
		Caller: decode(flow.Profile.Caller), CallerName: decode(flow.Profile.CallerName),
		Destination: decode(flow.Profile.Destination), Context: decode(flow.Profile.Context),
		Created: micros(decode(flow.Times.Created)), Bridged: micros(decode(flow.Times.Bridged)),
		Transferred: micros(decode(flow.Times.Transferred)), HungUp: micros(decode(flow.Times.HungUp)),
	}
	for _, one := range slices.Concat(flow.Profile.Originatee.Several, flow.Profile.Originatee.One) {
		to := Called{UUID: decode(one.UUID), Destination: decode(one.Destination)}
		if to.UUID != "" && !slices.Contains(p.Called, to) {
			p.Called = append(p.Called, to)
		}
	}
	l.Profiles = append(l.Profiles, p)
}

// micros is an instant in microseconds, 0 for none or one outside of the years that are taken.
func micros(text string) int64 {
	value, err := strconv.ParseInt(text, 10, 64)
	if err != nil || value < earliest*1_000_000 || value > latest*1_000_000 {
		return 0
	}
	return value
}

// second is the second of a variable such as start, by its microseconds, else by its seconds; 0 for never.
func (l *Leg) second(name string) int64 {
	if at := micros(l.Variables[name+"_uepoch"]); at > 0 {
		return at / 1_000_000
	}
	value, err := strconv.ParseInt(l.Variables[name+"_epoch"], 10, 64)
	if err != nil || value < earliest || value > latest {
		return 0
	}
	return value
}

func (l *Leg) start() int64 { return l.second("start") }

// end is the second in which the leg ended; a leg that does not say it lasted a moment.
func (l *Leg) end() int64 {
	if end := l.second("end"); end > 0 {
		return end
	}
	return l.start()
}

// Links are the other legs that the leg belongs together with.
func (l *Leg) links() []string {
	var links []string
	for _, name := range []string{"originating_leg_uuid", "originator", "bridge_uuid", "last_bridge_to", "cc_member_session_uuid"} {
		if other := l.Variables[name]; other != "" && len(other) <= 100 && other != l.UUID && !slices.Contains(links, other) {
			links = append(links, other)
		}
	}
	return links
}

// Row is the raw row of a leg.
func (l *Leg) Row() (telephony.Row, error) {
	content, err := json.Marshal(l)
	if err != nil {
		return telephony.Row{}, errBadRow
	}
	return telephony.Row{
		Kind: telephony.Leg, Key: l.UUID, At: time.Unix(l.end(), 0).UTC(), Channel: l.UUID, Links: l.links(), Fields: []string{string(content)},
	}, nil
}

// legOf reads a raw row again, nil for one that is none.
func legOf(row *telephony.Row) *Leg {
	if row.Kind != telephony.Leg || len(row.Fields) != 1 {
		return nil
	}
	leg := &Leg{}
	if err := json.Unmarshal([]byte(row.Fields[0]), leg); err != nil || leg.UUID == "" {
		return nil
	}
	return leg
}
