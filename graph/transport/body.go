package transport

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"unicode/utf8"

	"github.com/99designs/gqlgen/graphql"

	"github.com/kontakty/kontakty/graph/guard"
	"github.com/kontakty/kontakty/internal/fault"
)

// readBody reads the operation from a JSON body. The status is that of the refusal.
func readBody(w http.ResponseWriter, r *http.Request, maxBytes int64) (*graphql.RawParams, int, error) {
	params, _, status, err := readSizedBody(w, r, maxBytes)
	return params, status, err
}

// readSizedBody reads the operation from a JSON body, and tells how many bytes that has.
func readSizedBody(w http.ResponseWriter, r *http.Request, maxBytes int64) (params *graphql.RawParams, bytes int64, status int, err error) {
	if !isJSON(r.Header.Get("Content-Type")) {
		return nil, 0, http.StatusUnsupportedMediaType, fault.New(fault.MediaTypeNotOffered, "")
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBytes))
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return nil, 0, http.StatusRequestEntityTooLarge, fault.New(fault.BodyTooLarge, "", maxBytes)
	case err != nil:
		return nil, 0, http.StatusBadRequest, fault.New(fault.RequestMalformed, "").Because(err)
	}
	if params, err = readOperation(body); err != nil {
		return nil, 0, http.StatusBadRequest, err
	}
	params.Headers = r.Header
	return params, int64(len(body)), 0, nil
}

// readOperation reads an operation from JSON, which it may change. Half of a surrogate pair is read as a NUL where it is
// mended, in contacts that are recorded, and refused elsewhere. Errors: INVALID_TEXT, BAD_REQUEST.
func readOperation(text []byte) (*graphql.RawParams, error) {
	if !utf8.Valid(text) {
		return nil, fault.New(fault.TextMalformed, "")
	}
	halved := guard.HasLoneSurrogate(text)
	if halved {
		text = guard.LoneSurrogatesAsNUL(text)
	}
	params := &graphql.RawParams{}
	var given *string
	err := decodeObject(text, map[string]any{
		"query": &given, "operationName": &params.OperationName, "variables": &params.Variables, "extensions": &params.Extensions,
	})
	if err != nil || given == nil {
		return nil, fault.New(fault.RequestMalformed, "").Because(err)
	}
	if halved && !guard.MendsTexts(*given) {
		return nil, fault.New(fault.TextMalformed, "")
	}
	params.Query = *given
	return params, nil
}

// readURL reads the operation from the query of the URL. The status is that of the refusal.
func readURL(r *http.Request, maxBytes int64) (*graphql.RawParams, int, error) {
	if int64(len(r.URL.RawQuery)) > maxBytes {
		return nil, http.StatusRequestURITooLong, fault.New(fault.BodyTooLarge, "", maxBytes)
	}
	values, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil || values.Get("query") == "" {
		return nil, http.StatusBadRequest, fault.New(fault.RequestMalformed, "").Because(err)
	}
	params := &graphql.RawParams{Query: values.Get("query"), OperationName: values.Get("operationName"), Headers: r.Header}
	for _, one := range []struct {
		name string
		into *map[string]any
	}{{"variables", &params.Variables}, {"extensions", &params.Extensions}} {
		name, given := one.name, values.Get(one.name)
		if !utf8.ValidString(given) || guard.HasLoneSurrogate([]byte(given)) {
			return nil, http.StatusBadRequest, fault.New(fault.TextMalformed, name)
		}
		if given == "" {
			continue
		}
		if err := decode([]byte(given), one.into); err != nil {
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

// decodeObject reads exactly one JSON object: the values of these keys, as they are spelt. encoding/json takes a key in any
// case and the last of two, so that whoever reads a body on its way to us would read another operation; here a key that is
// spelt otherwise is one that is not known, and one that stands there twice is refused.
func decodeObject(text []byte, into map[string]any) error {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	if start, err := decoder.Token(); err != nil || start != json.Delim('{') {
		return errors.Join(err, errors.New("the JSON value is no object"))
	}
	seen := map[string]bool{}
	for decoder.More() {
		token, err := decoder.Token()
		if err != nil {
			return err
		}
		key := token.(string) // the decoder takes nothing else for a key
		if seen[key] {
			return errors.New("a key stands there twice")
		}
		seen[key] = true
		value, wanted := into[key]
		if !wanted {
			value = &json.RawMessage{}
		}
		if err := decoder.Decode(value); err != nil {
			return err
		}
	}
	if _, err := decoder.Token(); err != nil {
		return err
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return errors.New("something follows the JSON value")
	}
	return nil
}
