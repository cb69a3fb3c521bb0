package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
)

// inMarch is a filter with more criteria.
func inMarch(more map[string]any) map[string]any {
	filter := rangeFilter("2024-03-01", "2024-03-31")
	for name, value := range more {
		filter[name] = value
	}
	return map[string]any{"filter": filter}
}

// caged is a contact as it is imported or recorded, full of canaries.
func caged(n int) map[string]any {
	return map[string]any{
		"externalId": fmt.Sprintf("caged-%d", n), "type": "INBOUND_EMAIL", "status": "ANSWERED", "startedAt": "2024-03-05T10:00:00+01:00",
		"sourceAddress": mail(n), "destinationAddress": phone(n), "ccAddresses": []string{mail(n + 1)}, "bccAddresses": []string{mail(n + 2)},
		"agent":   map[string]any{"externalId": fmt.Sprintf("a%d", n), "name": text(n)},
		"record":  map[string]any{"externalId": text(n), "significantField": map[string]any{"name": "Telefon", "value": phone(n)}},
		"details": map[string]any{"email": map[string]any{"subject": text(n), "body": text(n), "attachments": []any{map[string]any{"name": text(n), "size": 1}}}},
	}
}

// changed is such a contact with something else.
func changed(n int, name string, value any) map[string]any {
	contact := caged(n)
	contact[name] = value
	return contact
}

func line(t *testing.T, contact any) string {
	t.Helper()
	text, err := json.Marshal(contact)
	if err != nil {
		t.Fatal(err)
	}
	return string(text) + "\n"
}

// oddContacts are wrong in what is a canary; the first three and the one with a NUL are strange, but taken.
func oddContacts() []map[string]any {
	return []map[string]any{
		changed(10, "sourceAddress", "tel. "+phone(10)+" wew. kanarek"),
		changed(11, "ccAddresses", []string{mail(11) + "@" + mail(11)}),
		changed(12, "destinationAddress", strings.Repeat(phone(12), 40)),
		changed(13, "sourceAddress", 601987123013),
		changed(14, "details", map[string]any{"email": map[string]any{"subject": []string{text(14)}}}),
		changed(15, "details", map[string]any{"sms": map[string]any{"text": text(15) + "\x00"}}),
		changed(16, "agent", map[string]any{"externalId": []string{text(16)}}),
		changed(17, "externalId", strings.Repeat(text(17), 20)),
		changed(18, "details", map[string]any{"sms": map[string]any{"text": text(18)}, "email": map[string]any{"subject": text(18)}}),
		changed(19, "record", text(19)),
		changed(20, "ivrTime", phone(20)),
		changed(21, "startedAt", phone(21)),
	}
}

func (c *cage) imports() {
	c.t.Helper()
	var good, mixed strings.Builder
	for n := range 5 {
		good.WriteString(line(c.t, caged(n)))
	}
	c.run(nil, statusOK, "import", writeFile(c.t, "good.ndjson", good.String()))
	mixed.WriteString(good.String())
	for _, faulty := range oddContacts() {
		mixed.WriteString(line(c.t, faulty))
	}
	cut := line(c.t, caged(30))
	mixed.WriteString(cut[:len(cut)/2] + "\n" + text(31) + "\n" + phone(31) + "\n\xff" + mail(31) + "\n")
	c.run(strings.NewReader(mixed.String()), statusSkipped, "import", "-")
	c.run(strings.NewReader(mixed.String()), statusFailed, "import", "--strict", "-")
}

func (c *cage) records() {
	c.t.Helper()
	if answer := c.ask(recordMutation, map[string]any{"contacts": []any{caged(40)}}); strings.Contains(answer, `"errors"`) {
		c.t.Errorf("recording fails: %s", answer)
	}
	refused := 0
	for _, contact := range oddContacts() {
		if strings.Contains(c.ask(recordMutation, map[string]any{"contacts": []any{contact}}), `"errors"`) {
			refused++
		}
	}
	if refused != 8 {
		c.t.Errorf("%d odd contacts are refused, want 8", refused)
	}
}

func (c *cage) reads() {
	c.t.Helper()
	for _, more := range []map[string]any{
		{"sourceAddresses": []string{mail(1), phone(1)}},
		{"destinationAddresses": []string{"(0049) 601-987-123-001"}},
		{"sourceAddresses": []string{"kanarek " + phone(50)}},
		{"sourceAddresses": []any{601987123}},
		{"sourceAddresses": phone(51), "destinationAddresses": map[string]any{"eq": mail(51)}},
		{"ticketIds": []string{text(52)}},
		{"agentIds": []string{text(53)}},
		{"timeZone": "Kanarek/601987123"},
		{"hours": map[string]any{"from": phone(54), "to": "kanarek"}},
		{"period": map[string]any{"range": map[string]any{"from": phone(55), "to": text(55)}}},
		{"period": map[string]any{"preset": "KANAREK_601987123"}},
		{text(56): phone(56)},
	} {
		c.ask(listQuery, inMarch(more))
	}
	variables := inMarch(nil)
	variables["after"] = text(57)
	c.ask(listQuery, variables)
	c.ask(listQuery, map[string]any{"filter": phone(58)})
	c.ask(listQuery, phone(58))
	for _, document := range []string{
		`{ contacts(filter: {period: {preset: TODAY}, sourceAddresses: ["` + phone(60) + `"]}) { kanarek601987123 } }`,
		`{ contacts(filter: "` + phone(61), `{ kanarek(number: "` + phone(62) + `") }`, `query kanarek601987123 { contacts(filter: $geheim) }`,
		`query kanarek601987123 { __typename }`, `# ` + text(63), text(64), `{ node(id: "` + text(65) + `") { id } }`, `{ download(id: "` + mail(66) + `") { id } }`,
		`{ __typename @kanarek(number: "` + phone(67) + `") }`, `fragment kanarek on Geheim { id }`,
	} {
		c.ask(document, nil)
		c.say(http.MethodGet, "/graphql?query="+url.QueryEscape(document)+"&variables="+url.QueryEscape(`{"n": "`+phone(68)+`"}`), nil, "")
		c.say(http.MethodPost, "/graphql", http.Header{"Content-Type": {"application/graphql"}}, document)
		c.say(http.MethodPost, "/graphql", http.Header{"Accept": {"text/event-stream"}}, line(c.t, map[string]any{"query": document}))
	}
	for _, body := range []string{
		phone(70), `"` + text(70) + `"`, `{"query": "` + phone(71), `{"query": 601987123}`, `{"query": "{ __typename }", "variables": "` + mail(72) + `"}`,
		`[{"query": "` + phone(73) + `"}]`, `{"query": "{ __typename }", "operationName": "` + mail(74) + `"}`, `{"kanarek": "` + phone(75) + `"}`,
		`{"query": "{ __typename }", "extensions": {"persistedQuery": {"sha256Hash": "` + phone(76) + `"}}}`, strings.Repeat(phone(77), 30_000),
	} {
		c.say(http.MethodPost, "/graphql", nil, body)
	}
}

// addresses sends canaries in everything but a body.
func (c *cage) addresses() {
	c.t.Helper()
	for _, target := range []string{
		"/" + phone(80), "/kanarek@geheim.example?n=" + phone(80), "/graphql?" + phone(81) + ";x=kanarek", "/graphiql/" + mail(82), "/files/" + phone(83),
		"/files/kanarek?signature=" + phone(84), "/media/" + phone(91) + "?token=kanarek", "/schema.graphql?" + mail(85), "/metrics?" + mail(86), "/readyz?" + mail(87), "/session.json?" + mail(88),
		"/graphql/" + phone(89), "/..%2f601987123%2f", "/%zz" + "601987123",
	} {
		address, err := url.Parse(c.server.url + target)
		if err != nil {
			continue // sent raw, below
		}
		c.say(http.MethodGet, address.RequestURI(), nil, "")
		c.say(http.MethodDelete, address.RequestURI(), nil, phone(90))
	}
	for _, header := range []string{"X-Request-Id", "Accept-Language", "User-Agent", "Referer", "Origin", "Cookie", "Accept", "Content-Type", "X-Forwarded-For", "Range", "If-None-Match", "Sec-Fetch-Site", "Traceparent", "Tracestate", "Baggage"} {
		for _, target := range []string{"/graphql", "/files/x", "/graphiql"} {
			c.say(http.MethodPost, target, http.Header{header: {"601987123-kanarek"}}, `{"query": "{ __typename }"}`)
		}
	}
	c.say("KANAREK601987123", "/graphql", nil, "{}")
	for _, raw := range []string{
		"GET /kanarek601987123 HTTP/9.9\r\n\r\n", "kanarek 601987123\r\n\r\n", "GET / HTTP/1.1\r\nHost: kanarek 601987123\r\n\r\n",
		"GET /%zzkanarek HTTP/1.1\r\nHost: x\r\n\r\n", "POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Length: kanarek\r\n\r\n601987123",
		"POST /graphql HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n601987123kanarek\r\n",
		"GET / HTTP/1.1\r\nHost: x\r\nKanarek 601987123\r\n\r\n",
	} {
		c.sent++
		connection, err := net.Dial("tcp", strings.TrimPrefix(c.server.url, "http://"))
		if err != nil {
			c.t.Fatal(err)
		}
		_, _ = io.WriteString(connection, raw)
		_ = connection.(*net.TCPConn).CloseWrite()
		_ = connection.SetReadDeadline(time.Now().Add(patience))
		_, _ = io.Copy(io.Discard, connection)
		_ = connection.Close()
	}
}

// strangers bring credentials that are none.
func (c *cage) strangers() {
	c.t.Helper()
	mistyped := c.server.key[:len(c.server.key)-7] + "aaaaaaa"
	forgotten := administratorsKey(c.t, "--data-dir", c.data)
	revoked := administratorsKey(c.t, "--data-dir", c.data)
	if _, err := c.connect().Exec(c.t.Context(), "DELETE FROM api_keys WHERE key_id = $1", strings.Split(forgotten, "_")[1]); err != nil {
		c.t.Fatal(err)
	}
	c.run(nil, statusOK, "keys", "revoke", revoked)
	c.run(nil, statusFailed, "keys", "revoke", forgotten)
	c.run(nil, statusFailed, "keys", "revoke", "kanarek")
	c.run(nil, statusOK, "keys", "list")
	for _, key := range []string{forgotten, revoked} {
		c.keep(key)
	}
	for _, credentials := range []string{
		"Bearer " + mistyped, "Bearer " + forgotten, "Bearer " + revoked, "Bearer kanarek.601987123.geheim", "Basic kanarek:601987123", "Kanarek",
		"Bearer kky_kanarek", "Bearer eyJhbGciOiJub25lIn0.a2FuYXJlaw.", "bearer  " + mail(100),
	} {
		c.say(http.MethodPost, "/graphql", http.Header{"Authorization": {credentials}}, `{"query": "{ __typename }"}`)
	}
}

// sockets sends canaries over WebSockets.
func (c *cage) sockets() {
	c.t.Helper()
	opening := `{"type": "connection_init", "payload": {"authorization": "Bearer ` + c.server.key + `"}}`
	for _, says := range [][]string{
		{`{"type": "connection_init", "payload": {"authorization": "Bearer kanarek", "number": "` + phone(110) + `"}}`},
		{phone(111)},
		{opening, text(112)},
		{opening, `{"type": "kanarek601987123"}`},
		{opening, `{"id": "` + phone(113) + `", "type": "subscribe", "payload": {"query": "subscription { downloadUpdated(id: \"` + mail(113) + `\") { kanarek } }"}}`},
		{opening, `{"id": "kanarek", "type": "subscribe", "payload": {"query": "{ node(id: \"` + phone(114) + `\") { id } }", "variables": {"n": "` + mail(114) + `"}}}`},
		{opening, `{"id": 601987123, "type": "subscribe", "payload": "` + mail(115) + `"}`},
	} {
		c.sent++
		client, _, err := websocket.Dial(c.t.Context(), c.server.url+"/graphql?kanarek="+phone(116), &websocket.DialOptions{Subprotocols: []string{"graphql-transport-ws"}})
		if err != nil {
			c.t.Fatal(err)
		}
		for _, text := range says {
			_ = client.Write(c.t.Context(), websocket.MessageText, []byte(text))
		}
		_ = client.Close(websocket.StatusNormalClosure, "kanarek601987123")
	}
}

// hears records paths that are canaries, asks for what lies there and fetches it, whole, in parts, and when it is gone.
func (c *cage) hears() {
	c.t.Helper()
	name := func(n int) string { return "q-600-" + phone(n) + ".wav" }
	for n, content := range map[int]string{150: "RIFF\x24\x00\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00@\x1f\x00\x00\x80>\x00\x00\x02\x00\x10\x00data\x08\x00\x00\x00\x01\x00\x02\x00\x03\x00\x04\x00", 151: text(151), 152: ""} {
		if err := os.WriteFile(filepath.Join(c.recordings, name(n)), []byte(content), 0o600); err != nil {
			c.t.Fatal(err)
		}
	}
	call := func(externalID string, paths ...string) map[string]any {
		var recordings []any
		for _, path := range paths {
			recordings = append(recordings, map[string]any{"path": path})
		}
		return map[string]any{"externalId": externalID, "type": "OUTBOUND_CALL", "status": "ANSWERED", "startedAt": "2024-03-06T10:00:00Z", "recordings": recordings}
	}
	c.ask(recordMutation, map[string]any{"contacts": []any{
		call("heard", name(150), name(151), name(152), name(153), "../"+name(154), c.recordings+"/"+name(150), strings.Repeat(name(155), 200)), call("away:1", name(156)),
	}})
	var links []string
	for _, externalID := range []string{"heard", "away:1"} {
		answer := c.ask(`query($id: String!) { contactByExternalId(externalId: $id) { recordings { path state problem channels sizeBytes url peaks(buckets: 3) { largest } } } }`,
			map[string]any{"id": externalID})
		if want := map[string]string{"heard": "ABSENT", "away:1": "UNREACHABLE"}[externalID]; !strings.Contains(answer, want) {
			c.t.Errorf("no recording of %s is %s: %s", externalID, want, answer)
		}
		for _, found := range regexp.MustCompile(`"url":"([^"]+)"`).FindAllStringSubmatch(answer, -1) {
			links = append(links, found[1])
		}
	}
	if len(links) != 4 {
		c.t.Errorf("%d recordings can be fetched, want 4", len(links))
	}
	for range 2 {
		for _, link := range links {
			c.say(http.MethodGet, link, nil, "")
			c.say(http.MethodGet, link, http.Header{"Range": {"bytes=0-3"}}, "")
			c.say(http.MethodGet, link+phone(157), http.Header{"Range": {phone(158)}}, "")
		}
		for n := range 3 {
			_ = os.Remove(filepath.Join(c.recordings, name(150+n)))
		}
	}
}

// orders orders files by canaries, and full of them.
func (c *cage) orders() {
	c.t.Helper()
	const order = `mutation($filter: ContactFilter!, $name: String) { exportContacts(input: {filter: $filter, kind: DETAILED, clientMutationId: $name}) { download { id } } }`
	c.ask(order, inMarch(map[string]any{"sourceAddresses": []string{"kanarek"}}))
	c.ask(`query($filter: ContactFilter!) { exportPreview(filter: $filter, kind: SIMPLE) { contacts } }`, inMarch(map[string]any{"sourceAddresses": []string{phone(120)}}))
	variables := inMarch(map[string]any{"sourceAddresses": []string{mail(1), mail(2)}})
	variables["name"] = text(121)
	id := regexp.MustCompile(`"id":"([^"]+)"`).FindStringSubmatch(c.ask(order, variables))
	if id == nil {
		c.t.Fatal("no file is ordered")
	}
	for _, spoilt := range []string{id[1] + "kanarek", text(122)} {
		c.ask(`mutation($id: ID!) { cancelDownload(input: {id: $id}) { download { id } } }`, map[string]any{"id": spoilt})
	}
	var link string
	late := time.After(patience)
	for again := time.Tick(50 * time.Millisecond); link == ""; {
		answer := c.ask(`query($id: ID!) { download(id: $id) { state url } }`, map[string]any{"id": id[1]})
		if found := regexp.MustCompile(`"url":"([^"]+)"`).FindStringSubmatch(answer); found != nil {
			link = strings.ReplaceAll(found[1], `\u0026`, "&")
			break
		}
		select {
		case <-again:
		case <-late:
			c.t.Fatalf("the file is not ready: %s", answer)
		}
	}
	if file := c.say(http.MethodGet, link, nil, ""); !strings.HasPrefix(file, "PK") {
		c.t.Errorf("the file is %.100q", file)
	}
	c.say(http.MethodGet, link+"&kanarek=601987123", nil, "")
	c.say(http.MethodGet, link, http.Header{"Range": {"bytes=601987123-"}}, "")
}
