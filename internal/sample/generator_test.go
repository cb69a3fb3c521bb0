package sample_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/ingest/format"
	"github.com/kontakty/kontakty/internal/sample"
)

// demo is what the demo has, at an ordinary moment.
var demo = sample.Config{
	Contacts: 30_000, Months: 3, Seed: 1,
	Until: time.Date(2026, time.November, 18, 13, 20, 0, 0, time.UTC),
}

func fingerprint(t *testing.T, o sample.Config) string {
	t.Helper()
	sum := sha256.New()
	written, err := sample.New(o).WriteTo(sum)
	if err != nil {
		t.Fatal(err)
	}
	if written == 0 {
		t.Fatal("nothing was written")
	}
	return hex.EncodeToString(sum.Sum(nil))
}

func TestConfig_DecidesEveryByte(t *testing.T) {
	t.Parallel()
	o := sample.Config{Contacts: 2_000, Months: 2, Seed: 7, Until: demo.Until}
	// If this changes on purpose, write the new value here: data of earlier versions is then no longer made again.
	const golden = "d08308c04296e25e64836b3738b424cf484713680f59d08fac28b05a0b35c0e3"
	if got := fingerprint(t, o); got != golden {
		t.Errorf("the bytes of %+v hash to %s, not %s", o, got, golden)
	}
	elsewhere := o
	elsewhere.Until = o.Until.In(time.FixedZone("", 5*3600)).Add(300 * time.Millisecond)
	if got := fingerprint(t, elsewhere); got != golden {
		t.Error("the zone and the fraction of Until made a difference")
	}
	for name, change := range map[string]func(*sample.Config){
		"seed": func(o *sample.Config) { o.Seed++ }, "contacts": func(o *sample.Config) { o.Contacts++ },
		"months": func(o *sample.Config) { o.Months++ }, "until": func(o *sample.Config) { o.Until = o.Until.Add(time.Minute) },
	} {
		other := o
		change(&other)
		if fingerprint(t, other) == golden {
			t.Errorf("another %s makes the same bytes", name)
		}
	}
}

func TestHours_DoNotDependOnOrderOrGoroutines(t *testing.T) {
	t.Parallel()
	one, other := sample.New(demo), sample.New(demo)
	inOrder := slices.Collect(one.Contacts())
	hours := make([][]format.Contact, other.Hours()+1)
	var workers sync.WaitGroup
	for worker := range 4 {
		workers.Go(func() {
			for i := len(hours) - 1 - worker; i >= 0; i -= 4 {
				hours[i] = other.Hour(i)
			}
		})
	}
	workers.Wait()
	together := slices.Concat(hours...)
	if len(together) != len(inOrder) {
		t.Fatalf("%d contacts, and %d in order", len(together), len(inOrder))
	}
	for i := range together {
		if !reflect.DeepEqual(&together[i], inOrder[i]) {
			t.Fatalf("contact %d differs:\n%+v\n%+v", i, together[i], *inOrder[i])
		}
	}
}

func TestGenerator_MakesAnyNumberOfContactsExactly(t *testing.T) {
	t.Parallel()
	for _, contacts := range []int{0, 1, 2, 3, 17, 100, 999, 5_000, 40_001} {
		for _, months := range []int{1, 12} {
			o := demo
			o.Contacts, o.Months = contacts, months
			seen := map[string]bool{}
			for c := range sample.New(o).Contacts() {
				seen[c.ExternalID] = true
			}
			if len(seen) != contacts {
				t.Errorf("%d contacts in %d months: %d external ids", contacts, months, len(seen))
			}
		}
	}
}

func TestDemo_HoldsEverything(t *testing.T) {
	t.Parallel()
	g := sample.New(demo)
	types, statuses, kinds := map[contact.Type]int{}, map[contact.Status]int{}, map[contact.StepKind]int{}
	details := map[contact.DetailsKind]int{}
	traits := map[string]int{}
	seen := map[string]bool{}
	count := func(trait string, is bool) {
		if is {
			traits[trait]++
		}
	}
	for c := range g.Contacts() {
		types[c.Type]++
		statuses[c.Status]++
		for _, s := range c.IVRSteps {
			kinds[s.Kind]++
		}
		if kind := c.Details.Kind(); kind != nil {
			details[*kind]++
		}
		for _, r := range []*format.Reference{c.Agent, c.Campaign, c.Queue, c.Classifier, c.SiteCall} {
			if r != nil {
				seen[*r.Name] = true
			}
		}
		count("cc", len(c.CCAddresses) > 0)
		count("bcc", len(c.BCCAddresses) > 0)
		count("attachments", c.Details.Email != nil && len(c.Details.Email.Attachments) > 0)
		count("outside campaigns", c.Campaign == nil)
		count("with ticket", c.TicketID != nil)
		count("with record", c.Record != nil)
		count("without address", c.SourceAddress == nil && c.DestinationAddress == nil)
		count("withheld number", c.SourceAddress != nil && *c.SourceAddress == "anonymous")
		count("another word for withheld", c.SourceAddress != nil && *c.SourceAddress == "numer zastrzeżony")
		count("sender's name", c.Type == contact.InboundSMS && *c.SourceAddress == "Kurier24")
		count("fax", c.Channel != nil && *c.Channel == "FAX")
		count("WhatsApp", c.Channel != nil && *c.Channel == "WHATSAPP")
		count("hold", c.HoldTime != nil)
		count("wrap-up", c.WrapUpTime != nil)
		count("several recordings", len(c.Details.Recordings) > 1)
		count("internal", c.Type == contact.OutboundCall && c.DestinationAddress != nil && len(*c.DestinationAddress) == 3)
		count("future", c.StartedAt.After(demo.Until))
		count("hangup unknown", c.Type == contact.OutboundCall && c.Status == contact.Answered && c.HangupParty == nil)
		count("empty significant field", c.Record != nil && c.Record.SignificantField != nil && c.Record.SignificantField.Value == nil)
		count("no significant field", c.Record != nil && c.Record.SignificantField == nil)
	}
	for _, value := range contact.Types {
		if types[value] < 20 {
			t.Errorf("type %s: %d", value, types[value])
		}
	}
	for _, value := range contact.Statuses {
		if statuses[value] < 3 {
			t.Errorf("status %s: %d", value, statuses[value])
		}
	}
	for _, value := range contact.StepKinds {
		if kinds[value] < 20 {
			t.Errorf("step kind %s: %d", value, kinds[value])
		}
	}
	for _, value := range []contact.DetailsKind{contact.RecordingDetails, contact.EmailDetails, contact.ChatDetails, contact.SMSDetails} {
		if details[value] < 20 {
			t.Errorf("details %s: %d", value, details[value])
		}
	}
	for _, trait := range []string{
		"cc", "bcc", "attachments", "outside campaigns", "with ticket", "with record", "without address", "withheld number",
		"another word for withheld", "sender's name", "fax", "WhatsApp", "hold", "wrap-up", "several recordings",
		"internal", "future", "hangup unknown", "empty significant field", "no significant field",
	} {
		if traits[trait] < 3 {
			t.Errorf("%s: %d", trait, traits[trait])
		}
	}
	if n := traits["outside campaigns"]; n < 1_500 || n > 6_000 {
		t.Errorf("%d contacts outside campaigns", n)
	}
	names := 0
	for _, a := range g.Agents() {
		names++
		if !seen[a.Name] {
			t.Errorf("agent %s has no contact", a.ExternalID)
		}
	}
	for _, list := range [][]format.Named{g.Campaigns(), g.Queues(), g.Classifiers(), g.SiteCalls()} {
		for _, named := range list {
			names++
			if !seen[named.Name] {
				t.Errorf("%s (%s) occurs nowhere", named.ExternalID, named.Name)
			}
		}
	}
	if names != len(seen) {
		t.Errorf("%d names are listed, and %d occur", names, len(seen))
	}
}

func TestSize_GrowsWithTheContacts(t *testing.T) {
	t.Parallel()
	for contacts, want := range map[int]string{
		30_000:     "agents 40, deleted 4, groups 6, campaigns 12, queues 20, classifiers 20, siteCalls 3",
		10_000_000: "agents 400, deleted 40, groups 25, campaigns 60, queues 120, classifiers 80, siteCalls 20",
	} {
		o := demo
		o.Contacts = contacts
		g := sample.New(o)
		deleted, groups, names := 0, map[string]bool{}, map[string]bool{}
		for _, a := range g.Agents() {
			if a.DeletedAt != nil {
				deleted++
			}
			for _, group := range a.Groups {
				groups[group] = true
			}
			names[a.ExternalID], names[a.Name] = true, true
		}
		for _, list := range [][]format.Named{g.Campaigns(), g.Queues(), g.Classifiers(), g.SiteCalls()} {
			for _, named := range list {
				names[named.ExternalID], names[named.Name] = true, true
			}
		}
		agents, campaigns, queues, classifiers, siteCalls := len(g.Agents()), len(g.Campaigns()), len(g.Queues()), len(g.Classifiers()), len(g.SiteCalls())
		got := fmt.Sprintf("agents %d, deleted %d, groups %d, campaigns %d, queues %d, classifiers %d, siteCalls %d",
			agents, deleted, len(groups), campaigns, queues, classifiers, siteCalls)
		if got != want {
			t.Errorf("%d contacts: %s; want %s", contacts, got, want)
		}
		if all := 2 * (agents + campaigns + queues + classifiers + siteCalls); len(names) != all {
			t.Errorf("%d contacts: %d different external ids and names of %d", contacts, len(names), all)
		}
	}
}

func TestGenerator_LetsFewTakeMost(t *testing.T) {
	t.Parallel()
	campaigns, agents, callers := map[string]int{}, map[string]int{}, map[string]int{}
	calls := 0
	for c := range sample.New(demo).Contacts() {
		if c.Campaign != nil {
			campaigns[c.Campaign.ExternalID]++
		}
		if c.Agent != nil {
			agents[c.Agent.ExternalID]++
		}
		if c.Type == contact.CampaignInboundCall && c.SourceAddress != nil && strings.HasPrefix(*c.SourceAddress, "+48") {
			callers[*c.SourceAddress]++
			calls++
		}
	}
	if share := topShare(campaigns, 3); share < 0.45 || share > 0.8 {
		t.Errorf("3 of 12 campaigns have %.2f of the contacts", share)
	}
	if share := topShare(agents, 10); share < 0.4 || share > 0.8 {
		t.Errorf("10 of 40 agents have %.2f of the contacts", share)
	}
	if ratio := float64(calls) / float64(len(callers)); ratio < 1.2 || ratio > 5 {
		t.Errorf("a caller calls %.2f times", ratio)
	}
}

func topShare(counts map[string]int, top int) float64 {
	var all []int
	sum := 0
	for _, n := range counts {
		all = append(all, n)
		sum += n
	}
	slices.Sort(all)
	most := 0
	for _, n := range all[len(all)-top:] {
		most += n
	}
	return float64(most) / float64(sum)
}

func TestHours_FollowThoseOfTheOffice(t *testing.T) {
	t.Parallel()
	zone, err := time.LoadLocation("Europe/Warsaw")
	if err != nil {
		t.Fatal(err)
	}
	o := demo
	o.Contacts, o.Months = 100_000, 6
	first := time.Date(2026, time.May, 18, 13, 0, 0, 0, time.UTC)
	hours, days := map[int]int{}, map[string]int{}
	for c := range sample.New(o).Contacts() {
		if c.StartedAt.Before(first) || c.StartedAt.After(o.Until) && c.Status != contact.Pending {
			t.Fatalf("%s began at %s", c.ExternalID, c.StartedAt)
		}
		local := c.StartedAt.In(zone)
		hours[local.Hour()]++
		days[local.Format(time.DateOnly)]++
	}
	if night, noon := hours[3], hours[10]; night == 0 || noon < 30*night {
		t.Errorf("%d contacts at 3 and %d at 10 o'clock", night, noon)
	}
	for quiet, usual := range map[string]string{
		"2026-06-07": "2026-06-09", // a Sunday
		"2026-06-13": "2026-06-11", // a Saturday
		"2026-06-04": "2026-06-11", // Corpus Christi, a Thursday
		"2026-11-11": "2026-11-04", // Independence Day, a Wednesday
	} {
		if days[quiet] == 0 || 2*days[quiet] > days[usual] {
			t.Errorf("%d contacts on %s and %d on %s", days[quiet], quiet, days[usual], usual)
		}
	}
}

func TestConfig_NamesAllItsFaults(t *testing.T) {
	t.Parallel()
	err := sample.Config{Contacts: -1, Months: 0}.Validate()
	if err == nil {
		t.Fatal("no error")
	}
	for _, name := range []string{"contacts", "months", "until"} {
		if !strings.Contains(err.Error(), name+": ") {
			t.Errorf("%q does not name %s", err, name)
		}
	}
	if err := demo.Validate(); err != nil {
		t.Error(err)
	}
}
