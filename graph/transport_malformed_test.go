package graph_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/coder/websocket"

	"github.com/kontakty/kontakty/graph"
)

var malformed = flag.Int("malformed.requests", 10_000, "how many malformed requests are sent")

// marker is a text that malformed requests hold, in texts and in the place of anything else, in headers, addresses, keys
// of JSON and comments: it may not come back from any of them. It begins with a digit, so that it is never a name, of
// which GraphQL quotes those that a document makes up (of fields, arguments, types, variables, fragments, directives and
// operations) so that people find their mistake.
const marker = "7391Zmienniczka"

func TestMalformed_RequestsAreRefusedWithoutAnEcho(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	m := &mangler{random: rand.New(rand.NewPCG(1, 3))}
	statuses := map[int]int{}
	for number := range *malformed {
		request := m.request()
		shown := show(request)
		recorder := httptest.NewRecorder()
		s.ServeHTTP(recorder, request.WithContext(t.Context()))
		statuses[recorder.Code]++
		answer := recorder.Body.String()
		if recorder.Code >= 500 || recorder.Code < 200 {
			t.Fatalf("request %d is answered %d %s\n%.2000s", number, recorder.Code, answer, shown)
		}
		if echoed(answer) || echoed(fmt.Sprint(recorder.Header())) {
			t.Fatalf("request %d is echoed: %d %v %s\n%.2000s", number, recorder.Code, recorder.Header(), answer, shown)
		}
		if strings.Contains(answer, `"INTERNAL"`) {
			t.Fatalf("request %d is taken for a defect: %s\n%.2000s", number, answer, shown)
		}
		if s.log.Len() > 0 {
			t.Fatalf("request %d is logged: %s\n%.2000s", number, s.log, shown)
		}
	}
	t.Logf("answered with %v", statuses)
	if answered := statuses[http.StatusOK]; answered > *malformed*9/10 || statuses[http.StatusBadRequest] == 0 || statuses[http.StatusUnsupportedMediaType] == 0 {
		t.Errorf("answered with %v: the requests are too much alike", statuses)
	}
}

// Over a WebSocket, garbage ends the connection or is refused; no more of it comes back than the id of the operation.
func TestMalformed_MessagesOverASocketAreNotEchoed(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t, graph.Config{})
	address := s.serve(t, 0)
	m := &mangler{random: rand.New(rand.NewPCG(2, 3))}
	codes := map[websocket.StatusCode]int{}
	for range min(*malformed, 200) {
		client := dial(t, address, nil)
		if !m.once(4) {
			client.say(t, opening)
			client.next(t)
		}
		text := string(m.body())
		if m.once(2) {
			text = `{"id":"1","type":"subscribe","payload":` + text + `}`
		}
		client.write(t, websocket.MessageType(1+m.random.IntN(20)/19), text)
		said := client.next(t)
		if echoed(said) || strings.Contains(said, "INTERNAL") || client.closed != nil && echoed(client.closed.Reason) {
			t.Errorf("%.1000q is answered %s %v", text, said, client.closed)
		}
		if client.closed != nil {
			codes[client.closed.Code]++
		}
		client.abandon()
	}
	t.Logf("closed with %v", codes)
	if s.log.Len() > 0 || codes[4400] == 0 || codes[4401] == 0 || codes[1011] > 0 {
		t.Errorf("closed with %v, logged %s", codes, s.log)
	}
}

func echoed(text string) bool {
	return strings.Contains(strings.ToLower(text), strings.ToLower(marker))
}

// show is a request as people may read it. It leaves the body to be read again.
func show(r *http.Request) string {
	body := must(io.ReadAll(r.Body))
	r.Body = io.NopCloser(bytes.NewReader(body))
	return fmt.Sprintf("%s %s %v\n%s", r.Method, r.URL, r.Header, body)
}

// mangler makes requests that nobody should send.
type mangler struct{ random *rand.Rand }

func (m *mangler) once(in int) bool { return m.random.IntN(in) == 0 }

func (m *mangler) pick(from ...string) string { return from[m.random.IntN(len(from))] }

func (m *mangler) request() *http.Request {
	method, target, body := http.MethodPost, "/graphql", m.body()
	switch {
	case m.once(12):
		method = m.pick("PUT", "DELETE", "PATCH", "OPTIONS", "HEAD", "TRACE", "CONNECT", "get", "Post", "BREW")
	case m.once(6):
		method, target = http.MethodGet, "/graphql?"+m.query()
	}
	request := httptest.NewRequest(http.MethodPost, "/graphql", bytes.NewReader(body))
	request.Method = method
	if parsed, err := url.Parse(target); err == nil {
		request.URL = parsed
	} else {
		request.URL.RawQuery = strings.TrimPrefix(target, "/graphql?")
	}
	request.Header.Set("Content-Type", "application/json")
	for m.once(3) {
		m.header(request)
	}
	return request
}

func (m *mangler) query() string {
	parts := []string{
		"query=" + url.QueryEscape(m.document()), "variables=" + url.QueryEscape(string(m.json(3))), "extensions=" + url.QueryEscape(string(m.json(2))),
		"operationName=" + m.pick(marker, "%ff", "%00"), "%zz=" + marker, marker, "query", "query=" + m.pick("%ff", "%00", "{", ""), "a;b=" + marker,
	}
	m.random.Shuffle(len(parts), func(i, j int) { parts[i], parts[j] = parts[j], parts[i] })
	return strings.Join(parts[:1+m.random.IntN(4)], "&")
}

func (m *mangler) header(request *http.Request) {
	name := m.pick("Content-Type", "Accept", "Accept-Language", "X-Request-Id", "Origin", "Content-Encoding", "Transfer-Encoding",
		"Cookie", "Upgrade", "Connection", "Sec-WebSocket-Protocol", "Sec-WebSocket-Key", "Range", "If-None-Match", "X-Forwarded-For", "Content-Length")
	value := m.pick(
		marker, "", "application/json; charset="+marker, "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary="+marker,
		"application/graphql", "*/*;q="+marker, "text/event-stream", "en;q=x", strings.Repeat("pl,", 500)+marker, "\xff\xfe"+marker, "websocket", "Upgrade",
		"graphql-transport-ws", "application/json, "+marker, "\x00"+marker, marker+" <script>", "-1", "99999999999999999999",
	)
	if name == "X-Request-Id" { // one that is sane is given back, so that people find their request in the log
		value = m.pick(marker+" "+marker, marker+"\"", marker+"\n", strings.Repeat(marker, 10), "ą"+marker)
	}
	if m.once(2) {
		request.Header.Del(name)
	}
	request.Header[name] = append(request.Header[name], value)
}

func (m *mangler) body() []byte {
	var body []byte
	switch m.random.IntN(20) {
	case 0:
		body = m.json(5)
	case 1:
		body = []byte(m.pick("", "null", "[]", "{", `"`+marker, "\xef\xbb\xbf{}", "-", "{}{}", "true", `{"query":`, marker, "\x00", `{"query":"{__typename}","query":7}`))
	case 2:
		body = make([]byte, m.random.IntN(400))
		for i := range body {
			body[i] = byte(m.random.Uint32())
		}
		body = append(body, marker...)
	case 3:
		body = []byte(strings.Repeat(m.pick(`[`, `{"a":`, `{"query":[`), m.random.IntN(20_000)))
	case 4:
		body = fmt.Appendf(nil, `{"query":%s,"variables":%s,"operationName":%s,"extensions":%s,"%s":1}`, m.json(1), m.json(3), m.json(1), m.json(2), marker)
	default:
		body = fmt.Appendf(nil, `{"query":%s,"variables":%s}`, must(json.Marshal(m.document())), m.variables())
	}
	switch {
	case m.once(8) && len(body) > 0:
		body = body[:m.random.IntN(len(body))]
	case m.once(8) && len(body) > 0:
		for range 1 + m.random.IntN(3) {
			body[m.random.IntN(len(body))] = byte(m.random.Uint32())
		}
	case m.once(8) && len(body) > 0: // a piece of it again
		at := m.random.IntN(len(body))
		body = append(append(append([]byte{}, body[:at]...), body[at/2:at]...), body[at:]...)
	}
	return body
}

// variables are of a document below, right or wrong.
func (m *mangler) variables() []byte {
	if m.once(5) {
		return m.json(3)
	}
	return fmt.Appendf(nil, `{"f":%s,"n":%s,"id":%s,"ids":%s,"s":%s,"i":%s}`, m.json(4), m.json(1), m.json(1), m.json(2), m.json(1), m.json(4))
}

// json is some JSON, at most so deep, or nearly.
func (m *mangler) json(depth int) []byte {
	switch roll := m.random.IntN(16); {
	case roll < 3 && depth > 0:
		var parts []string
		for range m.random.IntN(4) {
			parts = append(parts, string(m.json(depth-1)))
		}
		return []byte("[" + strings.Join(parts, ",") + "]")
	case roll < 9 && depth > 0:
		var parts []string
		for range m.random.IntN(5) {
			key := m.pick("period", "range", "from", "to", "preset", "agentIds", "types", "hours", "timeZone", "sourceAddresses", "contacts",
				"externalId", "startedAt", "clientMutationId", "filter", "kind", "a", "a", marker, "")
			if m.once(600) {
				key = m.pick("\\u0000", "\\ud83d", "\xff")
			}
			parts = append(parts, `"`+key+`":`+string(m.json(depth-1)))
		}
		return []byte("{" + strings.Join(parts, ",") + "}")
	case m.once(600):
		return []byte(m.pick("0x10", "01", "NaN", "\"\xff"+marker+"\"", "nul", "'"+marker+"'", `"`+marker+`\u0000"`, `"\ud83d`+marker+`"`))
	default:
		return []byte(m.pick(
			`"`+marker+`"`, `"`+strings.Repeat(marker, 40)+`"`, "null", "true", "0", "-1", "1e999", "1e-400",
			"123456789012345678901234567890", "2147483648", "1.5", "-0", `"2024-02-30"`, `"2024-03-01"`, `"25:00"`, `"CURRENT_MONTH"`, `""`, `"Q29udGFjdDox"`,
			`"Q29udGFjdDo5OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk"`, `"\u202e`+marker+`"`,
		))
	}
}

// document is GraphQL with something wrong, most often.
func (m *mangler) document() string {
	text := `"` + marker + `"`
	value := func() string {
		return m.pick(text, `"""`+marker+`"""`, "1e999", "99999999999999999999", "-1", "null", "[]", "{}", "[["+text+"]]", "{a: "+text+"}", "true", "1.5",
			`"\u0000`+marker+`"`, "CURRENT_MONTH", `"`+strings.Repeat(marker, 30)+`"`, `"\ud83d"`, "$f", "$n", "$s", "{period: {preset: CURRENT_MONTH}}",
			"{period: {range: {from: "+text+", to: 7}}}", "{period: {preset: CURRENT_MONTH}, ticketIds: ["+text+"], timeZone: "+text+"}",
			"{period: {preset: CURRENT_MONTH}, sourceAddresses: ["+text+"]}", "{period: {preset: CURRENT_MONTH}, agentIds: ["+text+"]}")
	}
	variables := m.pick("", "($f: ContactFilter!)", "($f: ContactFilter!, $n: Int, $id: ID!, $ids: [ID!]!, $s: String, $i: ExportContactsInput!)", "($n: Int = "+value()+")")
	document := m.pick("query", "query Q", "mutation", "subscription", "") + variables + " {" + m.pick(
		"contacts(filter: "+value()+", first: "+value()+") {nodes {id}}",
		"contacts(filter: $f, first: $n, after: $s) {totalCount nodes {id}}",
		"node(id: "+value()+") {id}", "nodes(ids: "+value()+") {id}", "node(id: $id) {id}", "nodes(ids: $ids) {id}",
		"agents(search: "+value()+", first: "+value()+", after: "+value()+") {totalCount}",
		"exportPreview(filter: "+value()+", kind: "+value()+") {lines}", "exportContacts(input: "+value()+") {clientMutationId}", "exportContacts(input: $i) {clientMutationId}",
		"recordContacts(input: {contacts: ["+value()+"]}) {recorded}", "createApiKey(input: {name: "+value()+", scopes: "+value()+"}) {apiKey {id}}",
		"auditEvents(filter: {principal: "+value()+", subjectId: "+value()+"}) {totalCount}", "downloadUpdated(id: "+value()+") {state}",
		"__typename @skip(if: "+value()+")", "__type(name: "+value()+") {name}", "# "+marker+"\n__typename",
	) + "}"
	switch m.random.IntN(8) {
	case 0:
		return document[:m.random.IntN(len(document)+1)]
	case 1:
		at := m.random.IntN(len(document) + 1)
		return document[:at] + m.pick("{", "}", "(", "\"", "\"\"\"", "\x00", "...", "@", "$", "!", "\\", "ż", "#", "|", "&", "\ufeff", "%") + document[at:]
	case 2:
		return document + " " + m.pick(document, "fragment", "{__typename}", text, "type Query {a: Int}", "extend schema {}", "#"+marker)
	default:
		return document
	}
}
