package directory

import (
	"time"

	"github.com/uptrace/bun"

	"github.com/kontakty/kontakty/internal/relay"
)

// Agent is a user of the platform who talks with clients.
type Agent struct {
	bun.BaseModel `bun:"table:agents,alias:a"`

	// ID is our own number.
	ID int64 `bun:"id,pk"`
	// ExternalID is the platform's own id.
	ExternalID string `bun:"external_id"`
	// Name is the display name; a deleted agent keeps it.
	Name string `bun:"name"`
	// DeletedAt is when the agent was deleted, nil while active.
	DeletedAt *time.Time `bun:"deleted_at"`
}

// NodeID is the agent's opaque id in the API.
func (a *Agent) NodeID() string { return relay.EncodeID(relay.AgentKind, a.ID) }

// AgentGroup is a group of agents.
type AgentGroup struct {
	bun.BaseModel `bun:"table:agent_groups,alias:g"`

	ID         int64  `bun:"id,pk"`
	ExternalID string `bun:"external_id"`
	Name       string `bun:"name"`
}

// NodeID is the group's opaque id in the API.
func (g *AgentGroup) NodeID() string { return relay.EncodeID(relay.AgentGroupKind, g.ID) }

// Campaign is a campaign of the contact centre.
type Campaign struct {
	bun.BaseModel `bun:"table:campaigns,alias:p"`

	ID         int64  `bun:"id,pk"`
	ExternalID string `bun:"external_id"`
	Name       string `bun:"name"`
}

// NodeID is the campaign's opaque id in the API.
func (c *Campaign) NodeID() string { return relay.EncodeID(relay.CampaignKind, c.ID) }

// Queue is a queue that handles a campaign's inbound calls.
type Queue struct {
	bun.BaseModel `bun:"table:queues,alias:q"`

	ID         int64  `bun:"id,pk"`
	ExternalID string `bun:"external_id"`
	Name       string `bun:"name"`
}

// NodeID is the queue's opaque id in the API.
func (q *Queue) NodeID() string { return relay.EncodeID(relay.QueueKind, q.ID) }

// Classifier is a disposition that sums an interaction up.
type Classifier struct {
	bun.BaseModel `bun:"table:classifiers,alias:f"`

	ID         int64  `bun:"id,pk"`
	ExternalID string `bun:"external_id"`
	Name       string `bun:"name"`
}

// NodeID is the classifier's opaque id in the API.
func (c *Classifier) NodeID() string { return relay.EncodeID(relay.ClassifierKind, c.ID) }

// SiteCall is a form on a web page with which clients order a call.
type SiteCall struct {
	bun.BaseModel `bun:"table:site_calls,alias:t"`

	ID         int64  `bun:"id,pk"`
	ExternalID string `bun:"external_id"`
	Name       string `bun:"name"`
}

// NodeID is the form's opaque id in the API.
func (s *SiteCall) NodeID() string { return relay.EncodeID(relay.SiteCallKind, s.ID) }
