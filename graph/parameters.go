package graph

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"unicode/utf8"

	"github.com/99designs/gqlgen/graphql"

	"github.com/kontakty/kontakty/internal/fault"
)

// readBody reads the operation from a JSON body of at most so many bytes. The status is that of the refusal.
func readBody(w http.ResponseWriter, r *http.Request, most int64) (*graphql.RawParams, int, error) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, most))
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return nil, http.StatusRequestEntityTooLarge, fault.New(fault.BodyTooLarge, "", most)
	case err != nil:
		return nil, http.StatusBadRequest, fault.New(fault.RequestMalformed, "").Because(err)
	}
	params, err := readOperation(body)
	if err != nil {
		return nil, http.StatusBadRequest, err
	}
	params.Headers = r.Header
	return params, 0, nil
}

// readOperation reads an operation from JSON. Errors: INVALID_TEXT, BAD_REQUEST.
func readOperation(text []byte) (*graphql.RawParams, error) {
	if !utf8.Valid(text) || loneSurrogate(text) {
		return nil, fault.New(fault.TextMalformed, "")
	}
	var given struct {
		Query         *string        `json:"query"`
		OperationName *string        `json:"operationName"`
		Variables     map[string]any `json:"variables"`
		Extensions    map[string]any `json:"extensions"`
	}
	if err := decode(text, &given); err != nil || given.Query == nil {
		return nil, fault.New(fault.RequestMalformed, "").Because(err)
	}
	params := &graphql.RawParams{Query: *given.Query, Variables: given.Variables, Extensions: given.Extensions}
	if given.OperationName != nil {
		params.OperationName = *given.OperationName
	}
	return params, nil
}

// readAddress reads the operation from the query of an address.
func readAddress(r *http.Request, most int64) (*graphql.RawParams, int, error) {
	if int64(len(r.URL.RawQuery)) > most {
		return nil, http.StatusRequestURITooLong, fault.New(fault.BodyTooLarge, "", most)
	}
	values, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil || values.Get("query") == "" {
		return nil, http.StatusBadRequest, fault.New(fault.RequestMalformed, "").Because(err)
	}
	params := &graphql.RawParams{Query: values.Get("query"), OperationName: values.Get("operationName"), Headers: r.Header}
	for name, into := range map[string]*map[string]any{"variables": &params.Variables, "extensions": &params.Extensions} {
		given := values.Get(name)
		if !utf8.ValidString(given) || loneSurrogate([]byte(given)) {
			return nil, http.StatusBadRequest, fault.New(fault.TextMalformed, name)
		}
		if given == "" {
			continue
		}
		if err := decode([]byte(given), into); err != nil {
			return nil, http.StatusBadRequest, fault.New(fault.RequestMalformed, name).Because(err)
		}
	}
	if !utf8.ValidString(params.Query) || !utf8.ValidString(params.OperationName) {
		return nil, http.StatusBadRequest, fault.New(fault.TextMalformed, "query")
	}
	return params, 0, nil
}

// decode reads exactly one JSON value; numbers stay as they were written.
func decode(text []byte, into any) error {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	if err := decoder.Decode(into); err != nil {
		return err
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return errors.New("something follows the JSON value")
	}
	return nil
}

// loneSurrogate finds an escape such as \ud83d without its other half: no text has it, and the decoder would quietly
// put U+FFFD there. In JSON a backslash stands in texts only.
func loneSurrogate(text []byte) bool {
	for {
		at := bytes.IndexByte(text, '\\')
		if at < 0 || at+1 >= len(text) {
			return false
		}
		text = text[at:]
		unit, ok := escapedUnit(text)
		switch {
		case !ok:
			text = text[2:]
		case unit < 0xd800 || unit > 0xdfff:
			text = text[6:]
		case unit > 0xdbff:
			return true
		default:
			if low, ok := escapedUnit(text[6:]); !ok || low < 0xdc00 || low > 0xdfff {
				return true
			}
			text = text[12:]
		}
	}
}

// escapedUnit reads \uXXXX at the beginning of a text.
func escapedUnit(text []byte) (rune, bool) {
	if len(text) < 6 || text[0] != '\\' || text[1] != 'u' {
		return 0, false
	}
	var unit rune
	for _, digit := range text[2:6] {
		switch {
		case digit >= '0' && digit <= '9':
			unit = unit<<4 | rune(digit-'0')
		case digit >= 'a' && digit <= 'f':
			unit = unit<<4 | rune(digit-'a'+10)
		case digit >= 'A' && digit <= 'F':
			unit = unit<<4 | rune(digit-'A'+10)
		default:
			return 0, false
		}
	}
	return unit, true
}
