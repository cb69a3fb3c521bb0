package contact

import (
	"slices"
	"testing"
	"time"
)

// course makes a campaign's inbound call that began at second 0 of a way through the IVR.
func course(change func(*Course), steps ...IVRStep) *Course {
	c := &Course{Type: CampaignInboundCall, Status: Answered, StartedAt: second(0), Steps: slices.Values(steps)}
	if change != nil {
		change(c)
	}
	return c
}

func second(n int) time.Time { return time.Unix(1_700_000_000+int64(n), 0) }

// tile is a step from one second to another, not left with a negative one.
func tile(kind StepKind, entered, left int) IVRStep {
	step := IVRStep{Name: string(kind), Kind: kind, EnteredAt: second(entered)}
	if left >= 0 {
		at := second(left)
		step.LeftAt = &at
	}
	return step
}

// talked makes a course one in which an agent talked for so long.
func talked(seconds int) func(*Course) {
	return func(c *Course) { c.HasAgent, c.AgentTalkTime = true, &seconds }
}

func TestFacts_HaveTheOutcomeOfTheFirstRuleThatHolds(t *testing.T) {
	t.Parallel()
	of := func(kind Type, status Status) func(*Course) {
		return func(c *Course) { c.Type, c.Status = kind, status }
	}
	withAgent := func(kind Type, status Status) func(*Course) {
		return func(c *Course) { c.Type, c.Status, c.HasAgent = kind, status, true }
	}
	system, customer := HangupSystem, HangupCustomer
	menu, queue, agent, transfer, voicemail := tile(MenuStep, 0, 5), tile(QueueStep, 5, 30), tile(AgentStep, 30, 40), tile(TransferStep, 40, 41), tile(VoicemailStep, 41, 60)
	for name, one := range map[string]struct {
		course *Course
		want   Outcome // empty for none
	}{
		"an e-mail has none":                           {course(of(InboundEmail, Answered)), ""},
		"nor has a survey":                             {course(withAgent(PostCallSurvey, Answered)), ""},
		"nor a consultation":                           {course(withAgent(Consultation, Answered)), ""},
		"nor what was classified alone":                {course(withAgent(InboundCall, ClassifierOnly)), ""},
		"what rings is under way":                      {course(of(CampaignInboundCall, Ringing), menu, queue), UnderWay},
		"so is what is planned":                        {course(of(OutboundCall, Pending)), UnderWay},
		"an outbound call with an agent":               {course(withAgent(OutboundCall, Answered)), ReachedAgent},
		"a SiteCall with one":                          {course(withAgent(SiteCallCustomerLeg, Answered)), ReachedAgent},
		"an outbound call without one":                 {course(of(OutboundCall, Answered)), NotReached},
		"a busy one":                                   {course(withAgent(MobileOutboundCall, Busy)), NotReached},
		"a failed outbound call is not lost":           {course(of(OutboundCall, Failed)), NotReached},
		"a talk below a second is one":                 {course(talked(0), menu, queue, agent), ReachedAgent},
		"an agent without a talk rang":                 {course(withAgent(CampaignInboundCall, Answered), menu, queue, agent), LostWhileRinging},
		"a talk without an agent is none":              {course(func(c *Course) { c.AgentTalkTime = new(9) }, menu), LostInIVR},
		"a talk after a transfer was one":              {course(talked(9), transfer, agent), ReachedAgent},
		"a chat needs an agent alone":                  {course(withAgent(Chat, Answered)), ReachedAgent},
		"a chat without one waited":                    {course(of(MessengerChat, NoAnswer)), LostInQueue},
		"a failure comes before the way":               {course(of(CampaignInboundCall, Failed), queue, voicemail), LostByFailure},
		"voicemail comes before a transfer":            {course(nil, menu, queue, agent, transfer, voicemail), LostAtVoicemail},
		"a transfer comes before an agent":             {course(nil, menu, queue, agent, transfer), HandedOver},
		"an agent comes before the queue":              {course(nil, menu, agent, queue), LostWhileRinging},
		"any queue counts, not the last":               {course(nil, queue, menu), LostInQueue},
		"an inbound call rang":                         {course(of(InboundCall, NoAnswer), menu), LostWhileRinging},
		"so did one to a mobile":                       {course(of(MobileInboundCall, NoAnswer)), LostWhileRinging},
		"the system hung up":                           {course(func(c *Course) { c.HangupParty = &system }, menu), SelfServed},
		"the client hung up":                           {course(func(c *Course) { c.HangupParty = &customer }, menu), LostInIVR},
		"nobody knows who did":                         {course(nil, menu), LostInIVR},
		"no way at all":                                {course(nil), LostInIVR},
		"the last tile is one of self-service":         {course(nil, menu, IVRStep{Name: "Godziny otwarcia", Kind: AnnouncementStep}), SelfServed},
		"one before the last is not":                   {course(nil, IVRStep{Name: "Godziny otwarcia"}, menu), LostInIVR},
		"names of tiles are exact":                     {course(nil, IVRStep{Name: "godziny otwarcia"}), LostInIVR},
		"a call that nobody answered reached no agent": {course(func(c *Course) { talked(9)(c); c.Status = NoAnswer }, agent), LostWhileRinging},
	} {
		got := one.course.Facts(FactRules{SelfServiceTiles: []string{"Godziny otwarcia"}}).Outcome
		if one.want == "" && got != nil || one.want != "" && (got == nil || *got != one.want) {
			t.Errorf("%s: %v, want %q", name, optional(got), one.want)
		}
	}
}

func optional[T any](value *T) any {
	if value == nil {
		return nil
	}
	return *value
}

func TestFacts_MeasureHowLongClientsWaited(t *testing.T) {
	t.Parallel()
	const none = -1
	for name, one := range map[string]struct {
		course                             *Course
		queueTime, timeToAnswer, lostAfter int
	}{
		"no way":                          {course(talked(10)), none, none, none},
		"queued and taken":                {course(talked(50), tile(MenuStep, 0, 5), tile(QueueStep, 5, 25), tile(AgentStep, 25, 75)), 20, 20, none},
		"taken at once":                   {course(talked(50), tile(QueueStep, 5, 5), tile(AgentStep, 5, 55)), 0, 0, none},
		"it rang first":                   {course(talked(50), tile(QueueStep, 5, 25), tile(AgentStep, 25, 80)), 20, 25, none},
		"no longer than the talk":         {course(talked(50), tile(QueueStep, 5, 25), tile(AgentStep, 25, 70)), 20, 20, none},
		"two turns in queues":             {course(talked(5), tile(QueueStep, 5, 25), tile(MenuStep, 25, 30), tile(QueueStep, 30, 40), tile(AgentStep, 40, 45)), 30, 35, none},
		"of several agents the first":     {course(talked(5), tile(QueueStep, 5, 25), tile(AgentStep, 25, 60), tile(AgentStep, 60, 90)), 20, 20, none},
		"an agent before the queue":       {course(talked(5), tile(AgentStep, 10, 15), tile(QueueStep, 15, 40)), 25, 0, none},
		"without a queue it rang":         {course(talked(5), tile(MenuStep, 0, 9), tile(AgentStep, 10, 22)), none, 7, none},
		"an agent who is still there":     {course(talked(5), tile(QueueStep, 5, 25), tile(AgentStep, 25, -1)), 20, 20, none},
		"without a step of an agent":      {course(talked(5), tile(QueueStep, 5, 25)), 20, 20, none},
		"a queue that was not left":       {course(talked(5), tile(QueueStep, 5, 25), tile(QueueStep, 25, -1)), none, none, none},
		"time that ran backwards":         {course(talked(5), tile(QueueStep, 25, 5), tile(AgentStep, 3, 2)), 0, 0, none},
		"lost in the queue":               {course(nil, tile(MenuStep, 0, 5), tile(QueueStep, 5, 42)), 37, none, 42},
		"the latest end counts":           {course(nil, tile(MenuStep, 0, 50), tile(QueueStep, 5, 42), tile(QueueStep, 42, -1)), none, none, 50},
		"no step was left":                {course(nil, tile(MenuStep, 0, -1)), none, none, none},
		"lost before it began":            {course(func(c *Course) { c.StartedAt = second(9) }, tile(MenuStep, 0, 5)), none, none, 0},
		"handed over is not lost":         {course(nil, tile(QueueStep, 0, 5), tile(TransferStep, 5, 6)), 5, none, none},
		"no campaign's call":              {course(func(c *Course) { talked(5)(c); c.Type = InboundCall }, tile(QueueStep, 0, 5)), 5, none, none},
		"a survey may have queued":        {course(func(c *Course) { c.Type = PostCallSurvey }, tile(QueueStep, 0, 5)), 5, none, none},
		"part of a second is none":        {course(nil, IVRStep{Kind: QueueStep, EnteredAt: second(0), LeftAt: new(second(1).Add(-time.Microsecond))}), 0, none, 0},
		"wanted and answered are a span":  {course(talked(5), IVRStep{Kind: QueueStep, EnteredAt: second(0).Add(time.Second / 2), LeftAt: new(second(2))}, tile(AgentStep, 2, 7)), 1, 1, none},
		"a failure is lost after a while": {course(func(c *Course) { c.Status = Failed }, tile(MenuStep, 0, 5)), none, none, 5},
	} {
		facts := one.course.Facts(FactRules{})
		for what, pair := range map[string]struct {
			got  *int
			want int
		}{"queueTime": {facts.QueueTime, one.queueTime}, "timeToAnswer": {facts.TimeToAnswer, one.timeToAnswer}, "lostAfter": {facts.LostAfter, one.lostAfter}} {
			if (pair.got == nil) != (pair.want == none) || pair.got != nil && *pair.got != pair.want {
				t.Errorf("%s: %s is %v, want %d", name, what, optional(pair.got), pair.want)
			}
		}
	}
}

func TestFacts_TellClientsApartByTheirNumbers(t *testing.T) {
	t.Parallel()
	key := func(in Type, source, destination string) *int64 {
		c := course(func(c *Course) { c.Type, c.SourceKey, c.DestinationKey = in, &source, &destination })
		return c.Facts(FactRules{}).Client
	}
	inbound, outbound := key(InboundCall, "+48789789789", "+48221002030"), key(OutboundCall, "+48221002030", "+48789789789")
	if inbound == nil || outbound == nil || *inbound != *outbound {
		t.Errorf("who called and is called back is %v and %v", optional(inbound), optional(outbound))
	}
	// The first 64 bits of what sha256sum says.
	if want := int64(-5473828865174359779); inbound != nil && *inbound != want {
		t.Errorf("the client is %d, want %d", *inbound, want)
	}
	for _, nobody := range []string{"103", "123456", "anonymous", "inpost", "anna@example.com", "+482210 2030", "+123456"} {
		if client := key(CampaignInboundCall, nobody, "+48221002030"); client != nil {
			t.Errorf("%s is the client %d", nobody, *client)
		}
	}
	if client := key(InboundSMS, "+48789789789", "+48221002030"); client != nil {
		t.Errorf("an SMS is of the client %d", *client)
	}
}

func TestContact_SaysWhereAClientWasLost(t *testing.T) {
	t.Parallel()
	lost := 0
	for _, outcome := range Outcomes {
		c := &Contact{Outcome: &outcome}
		if place := c.LostAt(); place != nil {
			lost++
			if !slices.Contains(LostPlaces, *place) || *c.ReachedAgent() {
				t.Errorf("%s was lost at %s, an agent reached: %v", outcome, *place, *c.ReachedAgent())
			}
		}
		if reached := c.ReachedAgent(); (reached == nil) != (outcome == UnderWay) || reached != nil && *reached != (outcome == ReachedAgent) {
			t.Errorf("%s: an agent was reached: %v", outcome, optional(reached))
		}
	}
	if c := (&Contact{}); lost != len(LostPlaces) || c.LostAt() != nil || c.ReachedAgent() != nil {
		t.Errorf("%d outcomes are lost; without one %v %v", lost, c.LostAt(), c.ReachedAgent())
	}
}
