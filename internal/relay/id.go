package relay

import (
	"encoding/base64"
	"strconv"
	"strings"

	"github.com/kontakty/kontakty/internal/fault"
)

// Kind is the GraphQL type that an id belongs to.
type Kind string

// The kinds of things that have an id.
const (
	ContactKind    Kind = "Contact"
	AgentKind      Kind = "Agent"
	AgentGroupKind Kind = "AgentGroup"
	CampaignKind   Kind = "Campaign"
	QueueKind      Kind = "Queue"
	ClassifierKind Kind = "Classifier"
	SiteCallKind   Kind = "SiteCall"
	RecordKind     Kind = "Record"
	DownloadKind   Kind = "Download"
	APIKeyKind     Kind = "ApiKey"
)

var kinds = map[Kind]bool{
	ContactKind: true, AgentKind: true, AgentGroupKind: true, CampaignKind: true, QueueKind: true,
	ClassifierKind: true, SiteCallKind: true, RecordKind: true, DownloadKind: true, APIKeyKind: true,
}

var idEncoding = base64.RawURLEncoding.Strict()

// EncodeID makes the opaque id of a thing.
func EncodeID(kind Kind, number int64) string {
	var room [64]byte
	return string(AppendID(room[:0], kind, number))
}

// AppendID appends the opaque id of a thing.
func AppendID(to []byte, kind Kind, number int64) []byte {
	var room [48]byte
	plain := append(append(room[:0], kind...), ':')
	return idEncoding.AppendEncode(to, strconv.AppendInt(plain, number, 10))
}

// DecodeID reads an id of any kind. Only what EncodeID made is taken, byte for byte. Errors: INVALID_ID.
func DecodeID(id string) (Kind, int64, error) {
	decoded, err := idEncoding.DecodeString(id)
	if err != nil || len(id) > 64 {
		return "", 0, fault.New(fault.IDMalformed, "")
	}
	kind, digits, found := strings.Cut(string(decoded), ":")
	number, err := strconv.ParseInt(digits, 10, 64)
	if !found || err != nil || !kinds[Kind(kind)] || EncodeID(Kind(kind), number) != id {
		return "", 0, fault.New(fault.IDMalformed, "")
	}
	return Kind(kind), number, nil
}

// DecodeIDOf reads an id of one kind. Errors: INVALID_ID, also for an id of another kind.
func DecodeIDOf(kind Kind, id string) (int64, error) {
	found, number, err := DecodeID(id)
	if err != nil {
		return 0, err
	}
	if found != kind {
		return 0, fault.New(fault.IDOfAnotherKind, "", string(found), string(kind))
	}
	return number, nil
}
