package telephony

import (
	"strings"

	"github.com/kontakty/kontakty/internal/address"
	"github.com/kontakty/kontakty/internal/contact"
)

// Names says what the endpoints, numbers and contexts of a source are, by its configuration. It is safe for one goroutine.
type Names struct {
	source           *Source
	internal, trunks []pattern
	surveys, machine []pattern
	steps            []namedStep
	agents           map[string]*SourceAgent // by endpoint
	agentNumbers     map[string]*SourceAgent
	campaigns        map[string]*Reference // by number
	queueCampaigns   map[string]*Reference
	queues           map[string]*Reference
	isInternal       map[string]bool
	contexts         map[string]*Step
}

type namedStep struct {
	pattern
	step Step
}

// Step is what a context of the dialplan is.
type Step struct {
	Kind contact.StepKind
	Name string
}

// NewNames reads the names of a source.
func NewNames(source *Source) *Names {
	n := &Names{
		source: source, internal: patterns(source.Internal), trunks: patterns(source.Trunks),
		surveys: patterns(source.Surveys), machine: patterns(source.MachineSurveys),
		agents: map[string]*SourceAgent{}, agentNumbers: map[string]*SourceAgent{}, campaigns: map[string]*Reference{},
		queueCampaigns: map[string]*Reference{}, queues: map[string]*Reference{}, isInternal: map[string]bool{},
		contexts: map[string]*Step{},
	}
	for i := range source.Agents {
		agent := &source.Agents[i]
		for _, endpoint := range agent.Endpoints {
			n.agents[endpoint] = agent
		}
		for _, number := range agent.Numbers {
			n.agentNumbers[addressKey(number)] = agent
		}
	}
	for _, queue := range source.Queues {
		n.queues[queue.Number] = &Reference{ExternalID: queue.ExternalID, Name: queue.Name}
	}
	for _, campaign := range source.Campaigns {
		reference := &Reference{ExternalID: campaign.ExternalID, Name: campaign.Name}
		for _, number := range campaign.Numbers {
			n.campaigns[addressKey(number)] = reference
		}
		for _, queue := range campaign.Queues {
			n.queueCampaigns[queue] = reference
		}
	}
	steps := append([]SourceStep{}, source.Steps...)
	if source.SystemKind == FreePBX || source.SystemKind == Asterisk {
		steps = append(steps, SourceStep{Context: "~^ivr-", Kind: "MENU"}, SourceStep{Context: "~^app-announcement-", Kind: "ANNOUNCEMENT"})
	}
	for _, step := range steps {
		if p, err := newPattern(step.Context); err == nil {
			n.steps = append(n.steps, namedStep{pattern: p, step: Step{Kind: contact.StepKind(step.Kind), Name: step.Name}})
		}
	}
	return n
}

// Internal is whether an endpoint is an agent's telephone; device is the endpoint with its technology, such as PJSIP/201.
func (n *Names) Internal(endpoint, device string) bool {
	if internal, asked := n.isInternal[device]; asked {
		return internal
	}
	_, isAgent := n.agents[endpoint]
	internal := !n.Trunk(endpoint, device) && (isAgent || anyMatches(n.internal, endpoint))
	if len(n.isInternal) < 10_000 {
		n.isInternal[device] = internal
	}
	return internal
}

// Trunk is whether an endpoint is configured as one.
func (n *Names) Trunk(endpoint, device string) bool {
	return anyMatches(n.trunks, endpoint) || anyMatches(n.trunks, strings.ToLower(device))
}

// Survey is whether a context is of surveys after a call, MachineSurvey of those that the machine dials.
func (n *Names) Survey(context string) bool { return anyMatches(n.surveys, context) }

// MachineSurvey is whether a context is of surveys that the machine dials.
func (n *Names) MachineSurvey(context string) bool { return anyMatches(n.machine, context) }

func anyMatches(all []pattern, text string) bool {
	for _, p := range all {
		if p.matches(text) {
			return true
		}
	}
	return false
}

// Agent is who works at an endpoint; name is what the system calls them, empty if it does not say.
func (n *Names) Agent(endpoint, name string) *Reference {
	if agent, found := n.agents[endpoint]; found {
		return &Reference{ExternalID: agent.ExternalID, Name: agent.Name}
	}
	if name = strings.TrimSpace(name); name != "" && name != endpoint {
		return &Reference{ExternalID: endpoint, Name: cut(name)}
	}
	return &Reference{ExternalID: endpoint, Name: endpoint, Assumed: true}
}

// KnowsAgent is whether the configuration names who works at an endpoint.
func (n *Names) KnowsAgent(endpoint string) bool { return n.agents[endpoint] != nil }

// AgentOfNumber is who works at an outside number, nil if nobody does.
func (n *Names) AgentOfNumber(number string) *Reference {
	if number == "" || len(n.agentNumbers) == 0 {
		return nil
	}
	agent := n.agentNumbers[addressKey(number)]
	if agent == nil {
		return nil
	}
	return &Reference{ExternalID: agent.ExternalID, Name: agent.Name}
}

// CampaignOfNumber is the campaign of a number, nil if none has it.
func (n *Names) CampaignOfNumber(number string) *Reference { return n.campaigns[addressKey(number)] }

// CampaignOfQueue is the campaign of a queue, nil if none has it.
func (n *Names) CampaignOfQueue(queue string) *Reference { return n.queueCampaigns[queue] }

// Queue is the queue of a number, made of the number if none is configured.
func (n *Names) Queue(number string) *Reference {
	if queue, found := n.queues[number]; found {
		return queue
	}
	return &Reference{ExternalID: number, Name: number, Assumed: true}
}

// KnowsQueue is whether the configuration names a queue.
func (n *Names) KnowsQueue(number string) bool { return n.queues[number] != nil }

// Step is what a context is, nil for no tile of the IVR.
func (n *Names) Step(context string) *Step {
	step, asked := n.contexts[context]
	if !asked {
		step = n.findStep(context)
		if len(n.contexts) < 10_000 {
			n.contexts[context] = step
		}
	}
	return step
}

func (n *Names) findStep(context string) *Step {
	for _, step := range n.steps {
		if step.matches(context) {
			named := step.step
			if named.Name == "" {
				named.Name = context
			}
			return &named
		}
	}
	return nil
}

// addressKey is the form by which numbers are compared.
func addressKey(number string) string {
	key, _ := address.Key(number)
	return key
}

// cut keeps at most maxText characters.
func cut(text string) string {
	if len(text) <= maxText {
		return text
	}
	if runes := []rune(text); len(runes) > maxText {
		return string(runes[:maxText])
	}
	return text
}
