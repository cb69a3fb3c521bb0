package access

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/kontakty/kontakty/internal/contact"
)

// ClaimNames say where in a token the rights of its subject stand. A name may lead into objects with dots, such as
// realm_access.roles; a claim that has the whole name goes first. An empty name means that there is no such claim.
// A claim in an unexpected form grants nothing.
type ClaimNames struct {
	// Scopes: scopes, as a list or as one text with spaces; unknown ones, such as openid, grant nothing.
	Scopes string
	// Roles: names of roles, as a list or as one text.
	Roles string
	// Campaigns, AgentGroups: external ids, as a list or as one.
	Campaigns, AgentGroups string
	// Agent: the external id of the agent that the subject is.
	Agent string
	// Name: what to call the subject.
	Name string
}

// Role is what a provider's role means here.
type Role struct {
	// Scopes are what it may do.
	Scopes []Scope
	// Unrestricted means that every contact exists for it.
	Unrestricted bool
}

// claims are the claims of a token whose signature was checked.
type claims map[string]any

// parseClaims reads a payload exactly: what two readers of JSON may understand differently is refused, which are keys
// that stand there twice, keys of the token itself that are equal but for case, and bytes that are no UTF-8.
func parseClaims(payload []byte) (claims, error) {
	if !utf8.Valid(payload) {
		return nil, errors.New("reading claims: they are not valid UTF-8")
	}
	decoder := json.NewDecoder(bytes.NewReader(payload))
	decoder.UseNumber() // ids of many digits stay exact
	value, err := parseValue(decoder)
	if err != nil {
		return nil, fmt.Errorf("reading claims: %w", err)
	}
	parsed, isObject := value.(map[string]any)
	if _, err := decoder.Token(); !isObject || !errors.Is(err, io.EOF) {
		return nil, errors.New("reading claims: they are not one object")
	}
	folded := make(map[string]bool, len(parsed))
	for key := range parsed {
		if folded[foldCase(key)] {
			return nil, errors.New("reading claims: two keys are equal but for case")
		}
		folded[foldCase(key)] = true
	}
	return parsed, nil
}

// parseValue reads a value; encoding/json alone would let the last of two equal keys win.
func parseValue(decoder *json.Decoder) (any, error) {
	token, err := decoder.Token()
	if err != nil {
		return nil, err
	}
	switch token {
	case json.Delim('{'):
		object := map[string]any{}
		for decoder.More() {
			token, err := decoder.Token()
			if err != nil {
				return nil, err
			}
			key := token.(string) // the decoder takes nothing else for a key
			if _, twice := object[key]; twice {
				return nil, errors.New("a key stands there twice")
			}
			if object[key], err = parseValue(decoder); err != nil {
				return nil, err
			}
		}
		_, err = decoder.Token()
		return object, err
	case json.Delim('['):
		list := []any{}
		for decoder.More() {
			value, err := parseValue(decoder)
			if err != nil {
				return nil, err
			}
			list = append(list, value)
		}
		_, err = decoder.Token()
		return list, err
	default:
		return token, nil
	}
}

// foldCase gives the same text for keys that encoding/json takes for the same.
func foldCase(key string) string {
	return strings.Map(func(r rune) rune {
		for {
			next := unicode.SimpleFold(r)
			if next <= r {
				return next
			}
			r = next
		}
	}, key)
}

// at gives the claim of a name, nil if there is none.
func (c claims) at(name string) any {
	if name == "" {
		return nil
	}
	if value, found := c[name]; found {
		return value
	}
	first, rest, nested := strings.Cut(name, ".")
	if !nested {
		return nil
	}
	inner, _ := c[first].(map[string]any)
	return claims(inner).at(rest)
}

// texts gives the claim as a list of texts; numbers count as their digits. A list of more than maxGranted is no list
// that anybody meant, and grants nothing.
func (c claims) texts(name string) []string {
	values, isList := c.at(name).([]any)
	if !isList {
		values = []any{c.at(name)}
	}
	if len(values) > maxGranted {
		return nil
	}
	var texts []string
	for _, value := range values {
		var text string
		switch value := value.(type) {
		case string:
			text = value
		case json.Number:
			text = value.String()
		}
		if isReadable(text) && contact.CheckText(text) == nil {
			texts = append(texts, text)
		}
	}
	return texts
}

// isReadable says that a text arrived whole: half of a surrogate pair, which PostgreSQL cannot keep, is read as U+FFFD,
// and different ones would become the same.
func isReadable(text string) bool {
	return !strings.ContainsRune(text, utf8.RuneError) && !strings.ContainsRune(text, 0)
}

// text gives a claim that is one text or number, empty if it is not.
func (c claims) text(name string) string {
	texts := c.texts(name)
	if _, isList := c.at(name).([]any); isList || len(texts) != 1 {
		return ""
	}
	return texts[0]
}

// rights are what the claims grant.
func (c claims) rights(names ClaimNames, roles map[string]Role) ([]Scope, Grants) {
	var scopes []Scope
	for _, text := range c.texts(names.Scopes) {
		for _, scope := range strings.Fields(text) {
			scopes = append(scopes, Scope(scope))
		}
	}
	grants := Grants{
		Campaigns: c.texts(names.Campaigns), AgentGroups: c.texts(names.AgentGroups), Agent: c.text(names.Agent),
	}
	for _, name := range c.texts(names.Roles) {
		role := roles[name]
		scopes = append(scopes, role.Scopes...)
		grants.Unrestricted = grants.Unrestricted || role.Unrestricted
	}
	return effectiveScopes(scopes, grants), grants.Canonical()
}

// name is what to call the subject.
func (c claims) name(names ClaimNames, subject string) string {
	for _, claim := range []string{names.Name, "name", "preferred_username"} {
		if name := c.text(claim); name != "" {
			return name
		}
	}
	return subject
}
