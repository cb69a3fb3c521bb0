package telephony

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/kontakty/kontakty/internal/contact"
)

// faults are all that is wrong with a source, a sentence each.
func (s *Source) faults() []string {
	check := &sourceCheck{}
	check.identity(s)
	check.patterns("internal", s.Internal)
	check.patterns("trunks", s.Trunks)
	check.patterns("surveys", s.Surveys)
	check.patterns("machineSurveys", s.MachineSurveys)
	check.agents(s.Agents)
	check.campaigns(s.Campaigns)
	check.queues(s.Queues)
	check.steps(s.Steps)
	check.fields(s.Fields)
	if s.OutboundCampaign != "none" && s.OutboundCampaign != "byCallerId" {
		check.add(`outboundCampaign: %q is neither "none" nor "byCallerId"`, s.OutboundCampaign)
	}
	return check.faults
}

type sourceCheck struct{ faults []string }

func (c *sourceCheck) add(format string, arguments ...any) {
	c.faults = append(c.faults, fmt.Sprintf(format, arguments...))
}

var (
	sourceNames = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$`)
	systemKinds = []SystemKind{FreePBX, Asterisk, FreeSWITCH, FusionPBX, AmazonConnect}
)

func (c *sourceCheck) identity(s *Source) {
	if !sourceNames.MatchString(s.Name) {
		c.add("name: write up to 40 letters, digits, dots, dashes or underscores, such as pbx1")
	}
	if !slices.Contains(systemKinds, s.SystemKind) {
		c.add("kind: %q is none of %v", string(s.SystemKind), systemKinds)
	}
	if zone, err := time.LoadLocation(s.TimeZone); err != nil || zone == time.Local {
		c.add("timeZone: %q is not an IANA time zone such as Europe/Warsaw", s.TimeZone)
	}
	if s.Since != "" {
		if _, err := time.Parse(time.DateOnly, s.Since); err != nil {
			c.add("since: %q is not a date such as 2026-01-01", s.Since)
		}
	}
	if s.DatabaseURL != "" {
		// The URL may hold a password: it is not shown.
		if address, err := url.Parse(s.DatabaseURL); err != nil || address.Host == "" && !address.Query().Has("host") || !slices.Contains([]string{"mysql", "postgres", "postgresql"}, address.Scheme) {
			c.add("databaseUrl: not an address such as mysql://kontakty@10.0.0.5/asteriskcdrdb")
		}
	}
	if s.DatabaseURL != "" && len(s.Files) > 0 {
		c.add("files: rows come from databaseUrl or from files, not from both")
	}
	for i, file := range s.Files {
		if file.Path == "" {
			c.add("files[%d].path: name the file that is appended to", i)
		}
	}
}

func (c *sourceCheck) patterns(field string, texts []string) {
	for i, text := range texts {
		if _, err := newPattern(text); err != nil || text == "" {
			c.add("%s[%d]: %q is neither a name nor ~ with a regular expression", field, i, text)
		}
	}
}

func (c *sourceCheck) agents(agents []SourceAgent) {
	endpoints := map[string]bool{}
	for i, agent := range agents {
		c.named("agents", i, agent.ExternalID, agent.Name)
		for _, endpoint := range agent.Endpoints {
			if endpoints[endpoint] {
				c.add("agents[%d].endpoints: an endpoint is another agent's, too", i)
			}
			endpoints[endpoint] = true
		}
		for j, number := range agent.Numbers {
			if strings.Trim(addressKey(number), "+0123456789") != "" || number == "" {
				c.add("agents[%d].numbers[%d]: not a telephone number", i, j)
			}
		}
	}
}

func (c *sourceCheck) campaigns(campaigns []SourceCampaign) {
	numbers, queues := map[string]bool{}, map[string]bool{}
	for i, campaign := range campaigns {
		c.named("campaigns", i, campaign.ExternalID, campaign.Name)
		for _, number := range campaign.Numbers {
			if numbers[addressKey(number)] {
				c.add("campaigns[%d].numbers: a number is another campaign's, too", i)
			}
			numbers[addressKey(number)] = true
		}
		for _, queue := range campaign.Queues {
			if queues[queue] {
				c.add("campaigns[%d].queues: queue %s is another campaign's, too", i, queue)
			}
			queues[queue] = true
		}
	}
}

func (c *sourceCheck) queues(queues []SourceQueue) {
	numbers := map[string]bool{}
	for i, queue := range queues {
		c.named("queues", i, queue.ExternalID, queue.Name)
		if queue.Number == "" || numbers[queue.Number] {
			c.add("queues[%d].number: name the queue's own number", i)
		}
		numbers[queue.Number] = true
	}
}

func (c *sourceCheck) named(list string, i int, externalID, name string) {
	if externalID == "" || len(externalID) > 200 {
		c.add("%s[%d].externalId: write a key of up to 200 characters", list, i)
	}
	if name == "" || len([]rune(name)) > 200 {
		c.add("%s[%d].name: write a name of up to 200 characters", list, i)
	}
}

func (c *sourceCheck) steps(steps []SourceStep) {
	for i, step := range steps {
		if _, err := newPattern(step.Context); err != nil || step.Context == "" {
			c.add("steps[%d].context: %q is neither a name nor ~ with a regular expression", i, step.Context)
		}
		if !slices.Contains(contact.StepKinds, contact.StepKind(step.Kind)) {
			c.add("steps[%d].kind: %q is none of %v", i, step.Kind, contact.StepKinds)
		}
	}
}

func (c *sourceCheck) fields(fields map[string]string) {
	for _, name := range sortedKeys(fields) {
		if !slices.Contains([]string{"classifier", "ticketId", "record"}, name) && name != "choices" {
			c.add("fields: %q is none of classifier, ticketId, record, choices", name)
		}
		if fields[name] == "" {
			c.add("fields.%s: name a column such as cdr.userfield", name)
		}
	}
}

func sortedKeys(all map[string]string) []string {
	keys := make([]string, 0, len(all))
	for key := range all {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}
