package graph_test

import (
	"flag"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
	"unsafe"

	"github.com/kontakty/kontakty/graph"
	"github.com/kontakty/kontakty/internal/access"
)

var hostileFor = flag.Duration("hostile.for", 0, "how long a normal client is measured with and without hostile ones; 0 leaves it out")

// hostileDocuments are made to cost far more than they look. Those that are answered are harmless.
func hostileDocuments() map[string]string {
	const page = "contacts(" + march + ", first: 200) {"
	all := "id externalId name "
	return map[string]string{
		"fields, ten thousand":           "{" + strings.Repeat("__typename ", 10_000) + "}",
		"fields, as many as fit":         "{" + strings.Repeat("__typename ", 900) + "}",
		"fields, repeated below":         "{agents {nodes {" + strings.Repeat("id name ", 450) + "}}}",
		"aliases":                        "{" + many(300, "a%d: __typename ") + "}",
		"aliases of lists":               "{" + many(180, "a%d: agents {totalCount} ") + "}",
		"aliases of counts":              "{" + many(30, "a%d: contacts("+march+") {totalCount} ") + "}",
		"pages in pages":                 "{" + page + "nodes {agent {" + page + "nodes {agent {" + page + "nodes {id" + strings.Repeat("}", 9),
		"pages in edges":                 "{" + page + "edges {node {campaign {" + page + "edges {node {agent {" + page + "totalCount" + strings.Repeat("}", 10),
		"cycles, deep":                   "{" + strings.Repeat(page+"nodes {agent {", 40) + "id" + strings.Repeat("}}}", 40) + "}",
		"a huge page":                    "{contacts(" + march + ", first: 2147483647) {nodes {id}}}",
		"a page beyond any number":       "{contacts(" + march + ", first: 99999999999999999999999) {nodes {id}}}",
		"braces":                         strings.Repeat("{", 10_000),
		"brackets":                       "{agents(search: " + strings.Repeat("[", 9_000) + ")}",
		"objects":                        "{contacts(filter: " + strings.Repeat("{period: ", 900) + "1" + strings.Repeat("}", 900) + ") {totalCount}}",
		"fragments, doubling":            "{...f0} " + chain(29, 2, "Query", "@", "__typename"),
		"fragments, tenfold":             "{...f0} " + chain(29, 10, "Query", "@", "__typename"),
		"fragments, doubling in fields":  "{agents {nodes {" + page + "nodes {agent {...f0}}}}}} " + chain(20, 2, "Agent", "contacts("+march+") {nodes {agent {@}}}", "id"),
		"fragments of aliases":           "{agents {nodes {...f0}}} " + chain(10, 1, "Agent", "a: contacts("+march+") {nodes {agent {@}}} b: contacts("+march+") {nodes {agent {@}}}", all),
		"fragments, inline":              "{agents {nodes {" + strings.Repeat("... {", 300) + "id" + strings.Repeat("}", 300) + "}}}",
		"fragments that nobody uses":     "{__typename} " + many(150, "fragment f%d on Agent {id} "),
		"a fragment of itself":           "{...f} fragment f on Query {...f __typename}",
		"fragments of one another":       "{...f0} fragment f0 on Query {...f1 ...f1} fragment f1 on Query {...f0 ...f0}",
		"fragments round in a ring":      "{...f0} " + many(25, "fragment f%d on Query {...f0 ...f1 ...f2 ...f3 ...f4 ...f5 ...f6 ...f7 ...f8 ...f9} "),
		"directives":                     "{__typename " + strings.Repeat("@skip(if: false) ", 190) + "}",
		"directives that are none":       "{__typename " + many(190, "@a%d ") + "}",
		"introspection, round":           "{__schema {types {" + strings.Repeat("fields {type {", 15) + "name" + strings.Repeat("}", 33),
		"introspection, wide":            "{__schema {types {" + many(30, "a%d: fields {name args {name type {name fields {name}}}} ") + "}}}",
		"introspection, as wide as fits": "{__schema {types {" + many(15, "a%d: fields {name args {name type {name fields {name}}}} ") + "}}}",
		"introspections":                 "{" + strings.Repeat("__schema {types {name fields {name type {name}}}} ", 60) + "}",
		"operations":                     many(300, "query q%d {__typename} "),
		"variables":                      "query(" + many(400, "$v%d: Int ") + ") {__typename}",
		"a variable's default":           "query($f: ContactFilter = " + strings.Repeat("{period: ", 200) + "1" + strings.Repeat("}", 200) + ") {contacts(filter: $f) {totalCount}}",
		"a long text":                    `{agents(search: "` + strings.Repeat("a", 9_900) + `") {totalCount}}`,
		"a long block of text":           `{agents(search: """` + strings.Repeat("a\n", 4_900) + `""") {totalCount}}`,
		"a text of escapes":              `{agents(search: "` + strings.Repeat(`\u0041`, 1_600) + `") {totalCount}}`,
		"a long comment":                 "{__typename} #" + strings.Repeat("a", 9_900),
		"comments":                       "{__typename} " + strings.Repeat("#\n", 4_900),
		"commas":                         "{__typename" + strings.Repeat(",", 9_900) + "}",
		"names that nearly fit":          "{" + strings.Repeat("contcats ", 900) + "}",
		"arguments":                      "{agents(" + many(300, "a%d: 1 ") + ") {totalCount}}",
		"a list of ids":                  "{nodes(ids: [" + strings.Repeat(`"Q29udGFjdDox" `, 600) + "]) {id}}",
		"a number of ten thousand":       "{contacts(" + march + ", first: " + strings.Repeat("9", 9_900) + ") {totalCount}}",
	}
}

func many(n int, each string) string {
	var all strings.Builder
	for i := range n {
		fmt.Fprintf(&all, each, i)
	}
	return all.String()
}

// maxCPU is what a hostile document may cost.
const maxCPU = 25 * time.Millisecond

// The time is that of the thread that answers: whatever is refused is refused before anything else is set to work. It is
// the shortest of five tries, each with another comment at its end, so that nothing is remembered: what the collector
// takes from a thread now and then is not the document's. The race detector makes everything many times slower: under
// it, the documents are sent all the same, and the time is not looked at.
func TestGuard_SpendsLittleOnHostileDocuments(t *testing.T) {
	s := newSite(t)
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	var longest time.Duration
	refused := 0
	for name, document := range hostileDocuments() {
		shortest, answer := time.Hour, ""
		for try := range 5 {
			request := operation(t, fmt.Sprintf("%s #%d", document, try), nil).WithContext(t.Context())
			recorder := httptest.NewRecorder()
			before := threadTime(t)
			s.ServeHTTP(recorder, request)
			shortest = min(shortest, threadTime(t)-before)
			if answer = recorder.Body.String(); recorder.Code >= http.StatusInternalServerError {
				t.Errorf("%s is answered %d %.300s", name, recorder.Code, answer)
			}
		}
		if strings.HasPrefix(answer, `{"errors"`) {
			refused++
		}
		t.Logf("%6.2f ms for %s: %.120s", float64(shortest.Microseconds())/1000, name, answer)
		if longest = max(longest, shortest); shortest > maxCPU && !raced {
			t.Errorf("%s takes %s of CPU, more than %s: %.300s", name, shortest, maxCPU, answer)
		}
	}
	t.Logf("%d of %d refused; the dearest took %s", refused, len(hostileDocuments()), longest)
	if refused < len(hostileDocuments())*3/4 {
		t.Errorf("%d of %d were refused", refused, len(hostileDocuments()))
	}
}

// threadTime is the processor time that this thread has taken.
func threadTime(t *testing.T) time.Duration {
	t.Helper()
	const ofThread = 3 // CLOCK_THREAD_CPUTIME_ID; what getrusage says goes by ticks
	var at syscall.Timespec
	if _, _, failure := syscall.Syscall(syscall.SYS_CLOCK_GETTIME, ofThread, uintptr(unsafe.Pointer(&at)), 0); failure != 0 {
		t.Fatal(failure)
	}
	return time.Duration(at.Nano())
}

// The worst answers that ordinary people get, fifty a second, are not much later while somebody else sends a hundred
// hostile documents a second, once those have spent what a pause had saved up for them.
func TestGuard_KeepsHostileDocumentsFromSlowingOthers(t *testing.T) {
	if *hostileFor == 0 {
		t.Skip("it measures for -hostile.for on a machine that is otherwise idle")
	}
	const perMinute, burst, people = 600_000, 200_000, 100
	s := newBusySite(t, graph.Config{Access: graph.Access{Limiter: access.NewLimiter(perMinute, burst, time.Now)}})
	s.refresh(t)
	everybody := access.Grants{Unrestricted: true}
	var keys []string
	for range people {
		keys = append(keys, s.newKey(t, everybody, access.Scopes...))
	}
	attacker := s.newKey(t, everybody, access.Scopes...)
	url := s.serve(t, 0)
	document := string(payload(`{contacts(`+march+`, first: 50) {nodes `+everything+` pageInfo {endCursor}}}`, nil))
	asked := 0
	measure := func() time.Duration {
		var took []time.Duration
		tick := time.NewTicker(20 * time.Millisecond)
		defer tick.Stop()
		for until := time.Now().Add(*hostileFor); time.Now().Before(until); asked++ {
			<-tick.C
			began := time.Now()
			if status := exchange(t, url, keys[asked%people], document); status != http.StatusOK {
				t.Fatalf("an ordinary page is answered %d", status)
			}
			took = append(took, time.Since(began))
		}
		slices.Sort(took)
		return took[len(took)*99/100]
	}
	measure() // warms up
	quiet := measure()

	hostile := slices.Collect(maps.Values(hostileDocuments()))
	sent, spent := 0, 0
	attack := func() {
		sent++
		if exchange(t, url, attacker, string(payload(fmt.Sprintf("%s #%d", hostile[sent%len(hostile)], sent), nil))) == http.StatusTooManyRequests {
			spent++
		}
	}
	for spent == 0 && sent < 10_000 {
		attack()
	}
	over := make(chan struct{})
	var attackers sync.WaitGroup
	attackers.Go(func() {
		tick := time.NewTicker(10 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-over:
				return
			case <-tick.C:
				attack()
			}
		}
	})
	attacked := measure()
	close(over)
	attackers.Wait()
	t.Logf("p99 %s alone, %s while %d hostile documents came, %d of them too many (%+.1f %%)",
		quiet, attacked, sent, spent, 100*(float64(attacked)/float64(quiet)-1))
	if attacked > quiet+quiet/10 {
		t.Errorf("p99 is %s alone and %s under attack", quiet, attacked)
	}
}

// exchange sends a body with a key, reads the answer to its end and tells its status.
func exchange(t *testing.T, url, key, body string) int {
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, strings.NewReader(body))
	if err != nil {
		t.Error(err)
		return 0
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", "Bearer "+key)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Error(err)
		return 0
	}
	defer response.Body.Close()
	_, _ = io.Copy(io.Discard, response.Body)
	return response.StatusCode
}
