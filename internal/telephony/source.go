package telephony

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Source is the configuration of one telephone system: the content of a source file.
type Source struct {
	// Name begins the externalId of every contact of the source.
	Name string `json:"name"`
	// SystemKind says whose rows they are.
	SystemKind SystemKind `json:"kind"`
	// DatabaseURL is where the system keeps its tables, PasswordFile the file that holds the password for it.
	DatabaseURL  string `json:"databaseUrl,omitempty"`
	PasswordFile string `json:"passwordFile,omitempty"`
	// Files are those that the system appends to, where they are followed instead of a database.
	Files []SourceFile `json:"files,omitempty"`
	// TimeZone is that of times written without one.
	TimeZone string `json:"timeZone,omitempty"`
	// Since is the first day that is read of a database.
	Since string `json:"since,omitempty"`
	// PollEvery is how often the database is asked, KeepRows how long raw rows are kept, UnfinishedAfter how long a call
	// without a new row stays open.
	PollEvery       Span `json:"pollEvery,omitempty"`
	KeepRows        Span `json:"keepRows,omitempty"`
	UnfinishedAfter Span `json:"unfinishedAfter,omitempty"`
	// Internal are the endpoints that are telephones of agents, Trunks those that never are.
	Internal []string `json:"internal,omitempty"`
	Trunks   []string `json:"trunks,omitempty"`

	Agents    []SourceAgent    `json:"agents,omitempty"`
	Campaigns []SourceCampaign `json:"campaigns,omitempty"`
	Queues    []SourceQueue    `json:"queues,omitempty"`
	Steps     []SourceStep     `json:"steps,omitempty"`
	// Surveys are contexts of surveys after a call, MachineSurveys those of surveys that the machine dials.
	Surveys        []string `json:"surveys,omitempty"`
	MachineSurveys []string `json:"machineSurveys,omitempty"`
	// OutboundCampaign is "none", or "byCallerId": the campaign of the number shown.
	OutboundCampaign string `json:"outboundCampaign,omitempty"`
	// StripDialled is what agents dial before an outside number.
	StripDialled string `json:"stripDialled,omitempty"`
	// Recordings is the path of a recording, with {yyyy}, {mm}, {dd} and {file}; empty: those of an Asterisk are not told, and
	// others as their system names them.
	Recordings string `json:"recordings,omitempty"`
	// Fields say which column holds the classifier, the ticketId or the record.
	Fields map[string]string `json:"fields,omitempty"`
	// KeepInput keeps the digits that clients enter in steps of kind INPUT.
	KeepInput bool `json:"keepInput,omitempty"`

	file     string // that it was read from
	location *time.Location
}

// SystemKind is a kind of telephone system.
type SystemKind string

// The kinds of telephone systems.
const (
	FreePBX       SystemKind = "freepbx"
	Asterisk      SystemKind = "asterisk"
	FreeSWITCH    SystemKind = "freeswitch"
	FusionPBX     SystemKind = "fusionpbx"
	AmazonConnect SystemKind = "amazon-connect"
)

// SourceFile is a file that a system appends to.
type SourceFile struct {
	// Format is a format of "kontakty import".
	Format string `json:"format"`
	// Path is the file that is appended to now; rotated ones lie beside it.
	Path string `json:"path"`
}

// SourceAgent is an agent and the telephones at which they work.
type SourceAgent struct {
	ExternalID string   `json:"externalId"`
	Name       string   `json:"name"`
	Groups     []string `json:"groups,omitempty"`
	// Endpoints are telephones of the system, Numbers are outside ones.
	Endpoints []string `json:"endpoints,omitempty"`
	Numbers   []string `json:"numbers,omitempty"`
}

// SourceCampaign is a campaign with the numbers that clients call and the queues that it has.
type SourceCampaign struct {
	ExternalID string   `json:"externalId"`
	Name       string   `json:"name"`
	Numbers    []string `json:"numbers,omitempty"`
	Queues     []string `json:"queues,omitempty"`
}

// SourceQueue is a queue and its number in the system.
type SourceQueue struct {
	ExternalID string `json:"externalId"`
	Name       string `json:"name"`
	Number     string `json:"number"`
}

// SourceStep is a context of the dialplan that is a tile of the IVR.
type SourceStep struct {
	Context string `json:"context"`
	Kind    string `json:"kind"`
	Name    string `json:"name,omitempty"`
}

// Span is a length of time, such as "35d", "6h" or "1s".
type Span time.Duration

// UnmarshalJSON reads a length of time.
func (s *Span) UnmarshalJSON(raw []byte) error {
	var text string
	if err := json.Unmarshal(raw, &text); err != nil {
		return errors.New(`a length of time is written as text, such as "35d", "6h" or "1s"`)
	}
	value, err := parseSpan(text)
	if err != nil {
		return err
	}
	*s = Span(value)
	return nil
}

// MarshalJSON writes a length of time as it is read.
func (s Span) MarshalJSON() ([]byte, error) {
	const day = 24 * time.Hour
	if value := time.Duration(s); value >= day && value%day == 0 {
		return json.Marshal(fmt.Sprintf("%dd", value/day))
	}
	return json.Marshal(time.Duration(s).String())
}

func parseSpan(text string) (time.Duration, error) {
	value, err := time.ParseDuration(text)
	if days, inDays := strings.CutSuffix(text, "d"); inDays {
		var count uint64
		count, err = strconv.ParseUint(days, 10, 16)
		value = time.Duration(count) * 24 * time.Hour
	}
	if err != nil || value <= 0 {
		return 0, fmt.Errorf(`%q is not a length of time such as "35d", "6h" or "1s"`, text)
	}
	return value, nil
}

// ReadSource reads a source file and checks it whole. The error lists every fault, one a line.
func ReadSource(path string) (*Source, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	source, err := ParseSource(content)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if source.file, err = filepath.Abs(path); err != nil {
		return nil, err
	}
	return source, nil
}

// ParseSource is ReadSource of the file's content.
func ParseSource(content []byte) (*Source, error) {
	decoder := json.NewDecoder(bytes.NewReader(content))
	decoder.DisallowUnknownFields()
	source := &Source{}
	if err := decoder.Decode(source); err != nil {
		return nil, fmt.Errorf("not a source: %w", err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("not a source: something follows the object")
	}
	source.complete()
	source.location, _ = time.LoadLocation(source.TimeZone) // a wrong one is among the faults
	if faults := source.faults(); len(faults) > 0 {
		return nil, errors.New(strings.Join(faults, "\n"))
	}
	return source, nil
}

// Draft is a source with the usual settings and nothing else.
func Draft(name string, kind SystemKind, databaseURL, passwordFile, zone string) (*Source, error) {
	content, err := json.Marshal(&Source{
		Name: name, SystemKind: kind, DatabaseURL: databaseURL, PasswordFile: passwordFile, TimeZone: zone,
		PollEvery: Span(time.Second), KeepRows: Span(35 * 24 * time.Hour), UnfinishedAfter: Span(6 * time.Hour),
	})
	if err != nil {
		return nil, err
	}
	return ParseSource(content)
}

// complete gives defaults to what was left out.
func (s *Source) complete() {
	for value, usual := range map[*Span]time.Duration{
		&s.PollEvery: time.Second, &s.KeepRows: 35 * 24 * time.Hour, &s.UnfinishedAfter: 6 * time.Hour,
	} {
		if *value == 0 {
			*value = Span(usual)
		}
	}
	if s.TimeZone == "" {
		s.TimeZone = "Europe/Warsaw"
	}
	if s.OutboundCampaign == "" {
		s.OutboundCampaign = "none"
	}
	if s.Internal == nil {
		s.Internal = []string{"~^[0-9]{2,6}$"}
	}
}

// Location is the zone of times written without one.
func (s *Source) Location() *time.Location { return s.location }

// pattern is a name, or a regular expression behind a tilde.
type pattern struct {
	name       string
	expression *regexp.Regexp
}

func newPattern(text string) (pattern, error) {
	expression, isExpression := strings.CutPrefix(text, "~")
	if !isExpression {
		return pattern{name: text}, nil
	}
	compiled, err := regexp.Compile(expression)
	if err != nil {
		return pattern{}, errors.New("is not a regular expression")
	}
	return pattern{expression: compiled}, nil
}

func (p pattern) matches(text string) bool {
	if p.expression != nil {
		return p.expression.MatchString(text)
	}
	return p.name == text
}

// patterns are those of a list, which was checked.
func patterns(texts []string) []pattern {
	var all []pattern
	for _, text := range texts {
		if p, err := newPattern(text); err == nil {
			all = append(all, p)
		}
	}
	return all
}
