package graph_test

import (
	"maps"
	"slices"
	"strings"

	"github.com/kontakty/kontakty/internal/relay"
)

// The values that an author writes into operations.

// scalar draws a value; false means that there is no case for the place.
func (a *author) scalar(of, place string) (any, bool) {
	_, called, _ := strings.Cut(place, ".")
	switch {
	case of == "Boolean":
		return a.once(2), true
	case of == "ID":
		return a.id(place)
	case of == "DateTime":
		return "2024-03-10T10:00:00Z", true
	case place == "DateRangeInput.from":
		return a.pick("2024-02-20", "2024-03-01", "2024-03-10"), true
	case place == "DateRangeInput.to":
		return a.pick("2024-03-09", "2024-03-15", "2024-03-31"), true
	case of == "LocalTime":
		return a.pick("00:00", "08:00", "14:00", "22:00"), true
	case of == "Long":
		return a.random.IntN(1000), true
	case place == "percentile.rank":
		return []float64{0, 50, 95.5, 100}[a.random.IntN(4)], true
	case called == "within", called == "seconds", called == "shortAbandon", place == "groups.first", place == "facet.first":
		return a.random.IntN(30), true
	case place == "peaks.buckets":
		return a.random.IntN(6), true
	case called == "search":
		return a.pick("agent", "Kampania c-1", "c-left0", "right", "nazwa q", "f-", "żółw", "first", "group-", "anna"), true
	case strings.HasPrefix(place, "DurationRangeInput."):
		return a.random.IntN(40), true
	case called == "withinHours":
		return 1 + a.random.IntN(720), true
	case called == "withinDays", called == "repeatWithinDays":
		return 1 + a.random.IntN(30), true
	case place == "ContactFilter.timeZone":
		return a.pick("Europe/Warsaw", "UTC", "America/New_York", "Nowhere"), true
	case place == "ContactFilter.externalIds", place == "contactByExternalId.externalId":
		if a.once(3) {
			return a.pick("w-1", "w-2", "w-3", "x-left-1", "x-right-2", "none"), true
		}
		return a.pick("s-1", "s-2", "s-3"), true
	case place == "ContactFilter.recordExternalIds":
		return a.pick("r-1", "r-2", "r-3", "r-n1", "r-n2", "r-left0", "r-right1", "none"), true
	case place == "ContactFilter.sourceAddresses", place == "ContactFilter.destinationAddresses", place == "ContactFilter.addresses":
		return a.pick(append([]string{"789"}, addresses...)...), true
	case place == "ContactFilter.ticketIds":
		return a.pick(append([]string{"T-none"}, tickets...)...), true
	case called == "clientMutationId":
		return a.pick("ready", "running", "mine", "m-1", "m-2", "m-3"), true
	case place == "AuditEventFilter.principal":
		return a.pick("local", "oidc:https://left.example.com#0"), true
	case a.recorded(place):
		if of == "Int" {
			return a.random.IntN(100), true
		}
		return a.pick("s-1", "x-left-3", "c-1", "anna", "agent-left", "q-0", "new"), true
	default:
		return nil, false
	}
}

// recorded says that a place is in what records contacts or makes keys, which no principal here may.
func (a *author) recorded(place string) bool {
	input, _, _ := strings.Cut(place, ".")
	return slices.Contains([]string{
		"CreateApiKeyInput", "GrantsInput", "SetContactRevisionInput", "ContactInput", "ReferenceInput", "RecordInput", "SignificantFieldInput", "IvrStepInput",
		"RecordingInput", "EmailInput", "AttachmentInput", "ChatMessageInput", "SmsInput",
	}, input)
}

// id draws one that a place takes: most are in reach, others out of it, of another kind, or of nothing.
func (a *author) id(place string) (string, bool) {
	kinds := map[string]relay.Kind{
		"contact.id": relay.ContactKind, "download.id": relay.DownloadKind, "downloadUpdated.id": relay.DownloadKind,
		"CancelDownloadInput.id": relay.DownloadKind, "DeleteDownloadInput.id": relay.DownloadKind, "RevokeApiKeyInput.id": relay.APIKeyKind,
		"AuditEventFilter.subjectId": relay.ContactKind,
		"ContactFilter.agentIds":     relay.AgentKind, "ContactFilter.agentGroupIds": relay.AgentGroupKind, "ContactFilter.campaignIds": relay.CampaignKind,
		"ContactFilter.siteCallIds": relay.SiteCallKind, "ContactFilter.queueIds": relay.QueueKind, "ContactFilter.classifierIds": relay.ClassifierKind,
		"ContactFilter.recordIds": relay.RecordKind, "ContactFilter.contactIds": relay.ContactKind,
	}
	kind, known := kinds[place]
	any := slices.Sorted(maps.Keys(tablesOfKinds))
	switch {
	case place == "node.id", place == "nodes.ids":
		kind, known = any[a.random.IntN(len(any))], true
	case a.once(40):
		kind = any[a.random.IntN(len(any))]
	}
	numbers := a.twins.seen[kind]
	switch roll := a.random.IntN(10); {
	case len(numbers) == 0 || roll < 3:
		numbers = a.twins.unseen[kind]
	case roll == 3:
		numbers = nil
	}
	number := int64(900_000 + a.random.IntN(3))
	switch {
	case (place == "CancelDownloadInput.id" || place == "DeleteDownloadInput.id") && a.once(2):
		number = int64(firstOrdered + a.random.IntN(8)) // the others are to stay
	case len(numbers) > 0 && !(strings.HasSuffix(place, "DownloadInput.id") && slices.Contains(a.twins.seen[kind], numbers[0])):
		number = numbers[a.random.IntN(len(numbers))]
	}
	return relay.EncodeID(kind, number), known
}

func (a *author) pick(from ...string) string { return from[a.random.IntN(len(from))] }
