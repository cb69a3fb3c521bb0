// Package fault holds the errors that a user of Kontakty may meet: a closed list of machine codes, and for every
// reason one sentence in English and one in Polish that says what is wrong and what to do.
//
// The domain makes them, the edge translates them. Anything that is not a *fault.Error is a defect or an outage and
// leaves the server as INTERNAL with a request id. A sentence never carries personal data: not the number that could
// not be read, only where it stood.
package fault

import (
	"errors"
	"fmt"
)

// Code is the machine-readable kind of an error, the GraphQL `extensions.code`.
type Code string

// The closed list of codes.
const (
	// InvalidPeriod: the period's dates are malformed, reversed, or both or neither of preset and range were given.
	InvalidPeriod Code = "INVALID_PERIOD"
	// PeriodTooLong: the period spans more than three calendar months.
	PeriodTooLong Code = "PERIOD_TOO_LONG"
	// InvalidHours: the window of hours is malformed or empty.
	InvalidHours Code = "INVALID_HOURS"
	// InvalidDuration: the bounds of a duration are missing, negative or reversed, or a span is out of range.
	InvalidDuration Code = "INVALID_DURATION"
	// InvalidTimeZone: not an IANA time zone name.
	InvalidTimeZone Code = "INVALID_TIME_ZONE"
	// InvalidAddress: a blank address, one that is too long, or one with control characters.
	InvalidAddress Code = "INVALID_ADDRESS"
	// InvalidID: not an id that this API gave out, or an id of another kind.
	InvalidID Code = "INVALID_ID"
	// UnknownID: a well-formed id of something that does not exist.
	UnknownID Code = "UNKNOWN_ID"
	// InvalidText: text with a NUL byte, invalid UTF-8, or too long.
	InvalidText Code = "INVALID_TEXT"
	// InvalidFilter: a list that is too long or criteria that contradict each other.
	InvalidFilter Code = "INVALID_FILTER"
	// InvalidColumns: a column of a file is named twice.
	InvalidColumns Code = "INVALID_COLUMNS"
	// InvalidGrouping: dimensions that cannot be grouped by together, none, or one twice.
	InvalidGrouping Code = "INVALID_GROUPING"
	// InvalidCursor: a cursor that this API did not give out, or that belongs to another filter or order.
	InvalidCursor Code = "INVALID_CURSOR"
	// InvalidPage: page arguments out of range or in contradiction.
	InvalidPage Code = "INVALID_PAGE"
	// InvalidContact: a contact handed over for recording is faulty.
	InvalidContact Code = "INVALID_CONTACT"
	// NotFound: nothing is there under that address or id.
	NotFound Code = "NOT_FOUND"
	// NotReady: the file is not ready to be fetched.
	NotReady Code = "NOT_READY"
	// TooManyContacts: the file would hold more contacts than a file may.
	TooManyContacts Code = "TOO_MANY_CONTACTS"
	// TooManyDownloads: as many files wait or are being made as may at once.
	TooManyDownloads Code = "TOO_MANY_DOWNLOADS"
	// OrderConflict: the client's name for an order already names another one.
	OrderConflict Code = "ORDER_CONFLICT"
	// CannotCancel: the file is finished, so there is nothing to cancel.
	CannotCancel Code = "CANNOT_CANCEL"
	// LinkInvalid: the address of the file has expired or was changed.
	LinkInvalid Code = "LINK_INVALID"
	// StorageFull: there is no room where files are kept, or in the database.
	StorageFull Code = "STORAGE_FULL"
	// Unauthenticated: nobody, or nobody known, sent the request.
	Unauthenticated Code = "UNAUTHENTICATED"
	// Forbidden: whoever sent the request may not do or see this.
	Forbidden Code = "FORBIDDEN"
	// RateLimited: too much was asked for in a short time; Retry-After says when to try again.
	RateLimited Code = "RATE_LIMITED"
	// LimitExceeded: the request is too large, too deep or too costly.
	LimitExceeded Code = "LIMIT_EXCEEDED"
	// BadRequest: the HTTP request is not a GraphQL request.
	BadRequest Code = "BAD_REQUEST"
	// ParseFailed: the GraphQL document is not well-formed.
	ParseFailed Code = "GRAPHQL_PARSE_FAILED"
	// ValidationFailed: the GraphQL document or its variables do not fit the schema.
	ValidationFailed Code = "GRAPHQL_VALIDATION_FAILED"
	// Timeout: the answer took longer than is allowed.
	Timeout Code = "TIMEOUT"
	// Unavailable: the server has no connection to what it needs now; try again.
	Unavailable Code = "UNAVAILABLE"
	// Internal: a defect on our side, logged under the request id.
	Internal Code = "INTERNAL"
)

// Locale is a language that sentences and files are written in.
type Locale string

// The locales.
const (
	Polish  Locale = "PL"
	English Locale = "EN"
)

// Error is one thing that is wrong with what a user asked.
type Error struct {
	// Code is the machine-readable kind.
	Code Code
	// Reason names the sentence.
	Reason Reason
	// Field is the path of the argument that is wrong, such as "filter.hours.to"; empty where no single one is.
	Field string

	arguments []any
	cause     error
}

// New makes an error for a reason; the arguments fill the verbs of its sentences.
func New(reason Reason, field string, arguments ...any) *Error {
	return &Error{Code: sentences[reason].code, Reason: reason, Field: field, arguments: arguments}
}

// Because keeps the cause for the log; it is never shown to a user.
func (e *Error) Because(cause error) *Error {
	e.cause = cause
	return e
}

// Sentence says what is wrong in a language.
func (e *Error) Sentence(locale Locale) string {
	sentence := sentences[e.Reason].en
	if locale == Polish {
		sentence = sentences[e.Reason].pl
	}
	if len(e.arguments) == 0 {
		return sentence
	}
	return fmt.Sprintf(sentence, e.arguments...)
}

// Error is the English sentence with its field.
func (e *Error) Error() string {
	if e.Field == "" {
		return e.Sentence(English)
	}
	return e.Field + ": " + e.Sentence(English)
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.cause }

// At moves the error below a field: At("filter") turns "hours.to" into "filter.hours.to".
func At(field string, err error) error {
	var e *Error
	if !errors.As(err, &e) {
		return err
	}
	moved := *e
	moved.Field = JoinField(field, e.Field)
	return &moved
}

// JoinField is the path of a field below another one; an index such as "[3]" follows without a dot.
func JoinField(above, below string) string {
	if above == "" || below == "" || below[0] == '[' {
		return above + below
	}
	return above + "." + below
}

// CodeOf is the code of an error, Internal for what is not a fault.
func CodeOf(err error) Code {
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return Internal
}
