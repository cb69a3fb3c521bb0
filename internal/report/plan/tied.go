package plan

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kontakty/kontakty/internal/relay"
)

// Of two criteria on small things, such as a group of agents and a campaign, most values may never have met: agents who
// work on other campaigns. Ties (ties.go) tell which ones did. They are written in the transaction that writes a contact
// and are never removed, so whoever sees a contact sees its ties, and a value without one need not be looked for.

// ownerKinds are the kinds of the things whose ties are kept.
var ownerKinds = []relay.Kind{relay.CampaignKind, relay.AgentKind}

// tiedValuesSQL is the table v (x) of a criterion's values, without those that never met a value of another criterion.
func (r *reading) tiedValuesSQL(one Condition, others []Condition) string {
	values := "unnest(" + one.castListSQL(r.bind(one.values)) + ") v (x)"
	met := r.tiedToSQL(func() string { return "v.x" }, one, others)
	if met == nil {
		return values
	}
	name := fmt.Sprintf("v%d", len(r.tied)+1)
	r.tied = append(r.tied, name+" (x) AS MATERIALIZED (\nSELECT v.x FROM "+values+" WHERE "+strings.Join(met, " AND ")+"\n)")
	return name + " v"
}

// tiedToSQL are the conditions that a value of a criterion has met a value of each of the others, none if no ties tell. Of
// one value alone they are asked once for a statement, not for every row.
func (r *reading) tiedToSQL(value func() string, one Condition, others []Condition) []string {
	var met []string
	kind := one.tie
	for _, other := range others {
		otherKind := other.tie
		if kind == "" || otherKind == "" || kind == otherKind || other.orNull {
			continue
		}
		owned := func(k relay.Kind) bool { return slices.Contains(ownerKinds, k) }
		switch {
		case owned(otherKind) && (!owned(kind) || other.count <= one.count):
			met = append(met, fmt.Sprintf("EXISTS (SELECT FROM contact_ties t WHERE t.owner_kind = '%s' AND %s AND t.thing_kind = '%s' AND t.thing_id = %s)",
				otherKind, r.isOneOfSQL("t.owner_id", other), kind, value()))
		case owned(kind):
			met = append(met, fmt.Sprintf("EXISTS (SELECT FROM contact_ties t WHERE t.owner_kind = '%s' AND t.owner_id = %s AND t.thing_kind = '%s' AND %s)",
				kind, value(), otherKind, r.isOneOfSQL("t.thing_id", other)))
		}
	}
	return met
}

// isOneOfSQL says that a column of another table holds a value of a criterion.
func (r *reading) isOneOfSQL(column string, of Condition) string {
	return column + " = ANY (" + of.castListSQL(r.bind(of.values)) + ")"
}

// withSQL begins a statement with the parts that it is made from, nothing if there is none.
func (r *reading) withSQL(parts ...string) string {
	if parts = slices.Concat(r.tied, parts); len(parts) == 0 {
		return ""
	}
	return "WITH " + strings.Join(parts, ", ") + "\n"
}
