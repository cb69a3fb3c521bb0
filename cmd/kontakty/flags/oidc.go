package flags

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/kontakty/kontakty/internal/access"
	"github.com/kontakty/kontakty/internal/server"
)

// OIDC say whose tokens are taken beside API keys, and what they grant.
type OIDC struct {
	Issuer     string   `name:"oidc-issuer" env:"KONTAKTY_OIDC_ISSUER" placeholder:"URL" help:"Take tokens of this OpenID Connect provider beside API keys: its address, as it stands in its tokens."`
	Audience   string   `name:"oidc-audience" env:"KONTAKTY_OIDC_AUDIENCE" placeholder:"NAME" help:"What a token must be meant for: the name that the provider has for this API."`
	ClientID   string   `name:"oidc-client-id" env:"KONTAKTY_OIDC_CLIENT_ID" placeholder:"NAME" help:"The provider's name for our pages, which then offer to sign in there. Allow the address of this server, with a / at its end, as one to return to."`
	Asked      []string `name:"oidc-scopes" env:"KONTAKTY_OIDC_SCOPES" default:"openid,profile" placeholder:"SCOPE" help:"Scopes that our pages ask the provider for (default: ${default})."`
	Algorithms []string `name:"oidc-algorithms" env:"KONTAKTY_OIDC_ALGORITHMS" default:"RS256,ES256" placeholder:"NAME" help:"Signatures that are taken (default: ${default})."`
	Roles      []string `name:"oidc-roles" env:"KONTAKTY_OIDC_ROLES" placeholder:"ROLE=SCOPE+…" help:"What the provider's roles mean here: scopes, and unrestricted for every contact, such as supervisor=contacts:read+exports+unrestricted. Others mean nothing."`

	ScopesClaim      string `name:"oidc-scopes-claim" env:"KONTAKTY_OIDC_SCOPES_CLAIM" default:"scope" placeholder:"CLAIM" help:"Claim with scopes. A dot leads into an object, here and below (default: ${default})."`
	RolesClaim       string `name:"oidc-roles-claim" env:"KONTAKTY_OIDC_ROLES_CLAIM" default:"roles" placeholder:"CLAIM" help:"Claim with roles, such as realm_access.roles (default: ${default})."`
	CampaignsClaim   string `name:"oidc-campaigns-claim" env:"KONTAKTY_OIDC_CAMPAIGNS_CLAIM" default:"kontakty_campaigns" placeholder:"CLAIM" help:"Claim with external ids of campaigns whose contacts its subject sees (default: ${default})."`
	AgentGroupsClaim string `name:"oidc-agent-groups-claim" env:"KONTAKTY_OIDC_AGENT_GROUPS_CLAIM" default:"kontakty_agent_groups" placeholder:"CLAIM" help:"Claim with external ids of groups whose members' contacts its subject sees (default: ${default})."`
	AgentClaim       string `name:"oidc-agent-claim" env:"KONTAKTY_OIDC_AGENT_CLAIM" default:"kontakty_agent" placeholder:"CLAIM" help:"Claim with the external id of the agent that its subject is (default: ${default})."`
	NameClaim        string `name:"oidc-name-claim" env:"KONTAKTY_OIDC_NAME_CLAIM" default:"name" placeholder:"CLAIM" help:"Claim with what to call its subject (default: ${default})."`

	provider access.OIDCConfig
}

// unrestrictedWord stands among the scopes of a role.
const unrestrictedWord = "unrestricted"

// Check reads them all, and what they mean to the provider's tokens.
func (f *OIDC) Check(wrong *Faults) {
	if f.Issuer == "" {
		if f.Audience != "" || f.ClientID != "" || len(f.Roles) > 0 {
			wrong.Add("--oidc-issuer", "it is missing beside other settings of OpenID Connect", "name the provider, too")
		}
		return
	}
	f.provider = access.OIDCConfig{
		Issuer: f.Issuer, Audience: f.Audience, Algorithms: f.Algorithms, Roles: f.readRoles(wrong),
		Claims: access.ClaimNames{
			Scopes: f.ScopesClaim, Roles: f.RolesClaim, Campaigns: f.CampaignsClaim, AgentGroups: f.AgentGroupsClaim,
			Agent: f.AgentClaim, Name: f.NameClaim,
		},
	}
	if f.Audience == "" {
		wrong.Add("--oidc-audience", "it is missing", "write the name that the provider has for this API: tokens for others must not be taken")
		return
	}
	tried := f.provider
	tried.Now = time.Now
	if _, err := access.NewOIDC(tried); err != nil {
		wrong.Add("--oidc-issuer", err.Error(), `see "kontakty serve --help"`)
	}
}

// readRoles reads ROLE=SCOPE+SCOPE.
func (f *OIDC) readRoles(wrong *Faults) map[string]access.Role {
	roles := map[string]access.Role{}
	for _, text := range f.Roles {
		at := strings.LastIndexByte(text, '=') // the provider may have it in the name
		if at <= 0 {
			wrong.Add("--oidc-roles", fmt.Sprintf("%q is not ROLE=SCOPE+SCOPE", text), "write for example supervisor=contacts:read+exports+unrestricted")
			continue
		}
		name, role := text[:at], access.Role{}
		for _, word := range strings.Split(text[at+1:], "+") {
			switch scope := access.Scope(word); {
			case word == unrestrictedWord:
				role.Unrestricted = true
			case !slices.Contains(access.Scopes, scope):
				wrong.Add("--oidc-roles", fmt.Sprintf("%q of the role %q is no scope", word, name), "choose from "+Listed(access.Scopes)+" and "+unrestrictedWord)
			case !slices.Contains(role.Scopes, scope):
				role.Scopes = append(role.Scopes, scope)
			}
		}
		if slices.Contains(role.Scopes, access.ScopeWrite) && !role.Unrestricted {
			wrong.Add("--oidc-roles", fmt.Sprintf("the role %q has %s, which goes with every contact alone", name, access.ScopeWrite),
				"add "+unrestrictedWord+" to it, or leave that scope out")
		}
		if _, twice := roles[name]; twice {
			wrong.Add("--oidc-roles", fmt.Sprintf("the role %q stands there twice", name), "write all that it means in one")
		}
		roles[name] = role
	}
	return roles
}

// Config is how callers sign in beside API keys.
func (f *OIDC) Config() server.SignInConfig {
	return server.SignInConfig{Provider: f.provider, ClientID: f.ClientID, Scopes: f.Asked}
}
