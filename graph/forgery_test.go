package graph_test

import (
	"encoding/base64"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/oauth2-proxy/mockoidc"

	"github.com/kontakty/kontakty/graph"
	"github.com/kontakty/kontakty/internal/access"
)

// elsewhere serves the same site to requests that each come from another address, so that none is refused for the wrong
// credentials of those before it.
func (s *site) elsewhere(t *testing.T, provider *access.OIDC) http.Handler {
	t.Helper()
	config := s.config
	var requests atomic.Uint32
	config.Access.Address = func(*http.Request) netip.Addr {
		n := requests.Add(1)
		return netip.AddrFrom4([4]byte{10, byte(n >> 16), byte(n >> 8), byte(n)})
	}
	if provider != nil {
		clock := func() time.Time { return now }
		config.Access.Authenticator = access.NewAuthenticator(s.database.Pool, s.keys, provider, clock)
	}
	handler := graph.NewHandler(config)
	t.Cleanup(handler.Close)
	return handler
}

// presents sends credentials as the headers Authorization.
func presents(t *testing.T, handler http.Handler, authorization ...string) *httptest.ResponseRecorder {
	t.Helper()
	request := operation(t, `{viewer {reference}}`, nil).WithContext(t.Context())
	for _, one := range authorization {
		request.Header.Add("Authorization", one)
	}
	recorder := httptest.NewRecorder()
	handler.ServeHTTP(recorder, request)
	return recorder
}

// turnedAway says what is wrong with how somebody was turned away who presented what.
func turnedAway(t *testing.T, what string, answered *httptest.ResponseRecorder) {
	t.Helper()
	if answered.Code != http.StatusUnauthorized || answered.Header().Get("WWW-Authenticate") != "Bearer" ||
		strings.Contains(answered.Body.String(), `"data"`) || !strings.Contains(answered.Body.String(), `"code":"UNAUTHENTICATED"`) {
		t.Errorf("%s is answered %d %v %s", what, answered.Code, answered.Header(), answered.Body)
	}
}

func TestForgery_OfAKeyOpensNothing(t *testing.T) {
	t.Parallel()
	s := newEmptySite(t, graph.Config{})
	handler := s.elsewhere(t, nil)
	everything := access.Grants{Unrestricted: true}
	good, other := s.key, s.newKey(t, everything, access.ScopeRead)
	revoked, expired := s.newKey(t, everything, access.ScopeRead), s.newKey(t, everything, access.ScopeRead)
	s.execute(t, `UPDATE api_keys SET revoked_at = $1, revoked_by = 'local' WHERE key_id = $2`, now, strings.Split(revoked, "_")[1])
	s.execute(t, `UPDATE api_keys SET created_at = $1, expires_at = $2 WHERE key_id = $3`, now.Add(-time.Hour), now, strings.Split(expired, "_")[1])
	if answered := presents(t, handler, "Bearer "+good); answered.Code != http.StatusOK {
		t.Fatalf("the key itself is answered %d %s", answered.Code, answered.Body)
	}
	parts, foreign := strings.Split(good, "_"), strings.Split(other, "_")
	forged := map[string][]string{
		"nothing":              nil,
		"no credentials":       {"Bearer"},
		"empty credentials":    {"Bearer "},
		"another's id":         {"Bearer kky_" + foreign[1] + "_" + parts[2]},
		"another's secret":     {"Bearer kky_" + parts[1] + "_" + foreign[2]},
		"an unknown id":        {"Bearer kky_aaaaaaaaaa_" + parts[2]},
		"revoked":              {"Bearer " + revoked},
		"expired":              {"Bearer " + expired},
		"in capitals":          {"Bearer " + strings.ToUpper(good)},
		"with capital letters": {"Bearer kky_" + strings.ToUpper(parts[1]) + "_" + parts[2]},
		"full width":           {"Bearer ｋｋｙ" + good[3:]},
		"twice":                {"Bearer " + good, "Bearer " + good},
		"two in one":           {"Bearer " + good + ", Bearer " + good},
		"good and bad":         {"Bearer " + good, "Basic x"},
		"Basic":                {"Basic " + base64.StdEncoding.EncodeToString([]byte(good+":"))},
		"no scheme":            {good},
		"another scheme":       {"Token " + good},
		"very long":            {"Bearer " + good + strings.Repeat("a", 1<<16)},
		"NUL":                  {"Bearer " + good + "\x00"},
		"invalid UTF-8":        {"Bearer " + good[:10] + "\xff" + good[11:]},
		"the checksum missing": {"Bearer " + good[:len(good)-7]},
		"quoted":               {`Bearer "` + good + `"`},
		"a wildcard":           {"Bearer kky_%_" + parts[2]},
	}
	for name, authorization := range forged {
		turnedAway(t, name, presents(t, handler, authorization...))
	}
	const alphabet = "abcdefghijklmnopqrstuvwxyz234567_-A0."
	tried := len(forged)
	for at := range good {
		for _, letter := range []byte{alphabet[at%32], alphabet[(at*7+3)%len(alphabet)], good[at] ^ 0x20, good[at] ^ 0x01} {
			if letter == good[at] {
				continue
			}
			tried++
			turnedAway(t, fmt.Sprintf("character %d changed", at), presents(t, handler, "Bearer "+good[:at]+string(rune(letter))+good[at+1:]))
		}
		turnedAway(t, fmt.Sprintf("cut at %d", at), presents(t, handler, "Bearer "+good[:at]))
		turnedAway(t, fmt.Sprintf("character %d left out", at), presents(t, handler, "Bearer "+good[:at]+good[at+1:]))
		turnedAway(t, fmt.Sprintf("character %d doubled", at), presents(t, handler, "Bearer "+good[:at+1]+good[at:]))
		tried += 3
	}
	t.Logf("%d forged keys", tried)
	if s.log.Len() > 0 {
		t.Errorf("logged:\n%s", s.log)
	}
}

// newProvider runs a provider with a key of its own.
func newProvider(t *testing.T) *mockoidc.MockOIDC {
	t.Helper()
	provider := must(mockoidc.NewServer(must(mockoidc.RandomKeypair(2048)).PrivateKey))
	if err := provider.Start(must(net.Listen("tcp", "127.0.0.1:0")), nil); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = provider.Shutdown() })
	return provider
}

// What is wrong with tokens in particular, internal/access tests; here, that none of it comes through the door.
func TestForgery_OfAProvidersTokenOpensNothing(t *testing.T) {
	t.Parallel()
	provider, stranger := newProvider(t), newProvider(t)
	clock := func() time.Time { return now }
	oidc := must(access.NewOIDC(access.OIDCConfig{Issuer: provider.Issuer(), Audience: "kontakty", Claims: access.ClaimNames{Scopes: "scope"}, Now: clock}))
	s := newEmptySite(t, graph.Config{})
	handler := s.elsewhere(t, oidc)
	claims := func(change string, value any) jwt.MapClaims {
		content := jwt.MapClaims{
			"iss": provider.Issuer(), "aud": "kontakty", "sub": "anna", "iat": now.Unix(), "exp": now.Add(time.Minute).Unix(), "scope": "contacts:read admin",
		}
		if change != "" {
			content[change] = value
		}
		return content
	}
	signed := func(content jwt.MapClaims) string { return must(provider.Keypair.SignJWT(content)) }
	made := func(method jwt.SigningMethod, key any, id string) string {
		token := jwt.NewWithClaims(method, claims("", nil))
		token.Header["kid"] = id
		return must(token.SignedString(key))
	}
	id := must(provider.Keypair.KeyID())
	good := signed(claims("", nil))
	if answered := presents(t, handler, "Bearer "+good); answered.Code != http.StatusOK || !strings.Contains(answered.Body.String(), "#anna") {
		t.Fatalf("a good token is answered %d %s", answered.Code, answered.Body)
	}
	parts := strings.Split(good, ".")
	evil := strings.Split(signed(claims("sub", "root")), ".")
	for name, token := range map[string]string{
		"no algorithm":                   made(jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, id),
		"the public key as a secret":     made(jwt.SigningMethodHS256, provider.Keypair.PublicKey.N.Bytes(), id),
		"a stranger's key":               made(jwt.SigningMethodRS256, stranger.Keypair.PrivateKey, id),
		"an unknown key":                 made(jwt.SigningMethodRS256, stranger.Keypair.PrivateKey, "unknown"),
		"an algorithm nobody asked for":  made(jwt.SigningMethodRS512, provider.Keypair.PrivateKey, id),
		"a stranger's token":             must(stranger.Keypair.SignJWT(claims("iss", stranger.Issuer()))),
		"another issuer":                 signed(claims("iss", stranger.Issuer())),
		"another audience":               signed(claims("aud", "panel")),
		"no audience":                    signed(claims("aud", nil)),
		"expired":                        signed(claims("exp", now.Add(-31*time.Second).Unix())),
		"without end":                    signed(claims("exp", nil)),
		"not yet":                        signed(claims("nbf", now.Add(31*time.Second).Unix())),
		"without subject":                signed(claims("sub", nil)),
		"another payload":                parts[0] + "." + evil[1] + "." + parts[2],
		"another's signature":            parts[0] + "." + parts[1] + "." + evil[2],
		"no signature":                   parts[0] + "." + parts[1] + ".",
		"two parts":                      parts[0] + "." + parts[1],
		"dots":                           "..",
		"longer than any":                good + strings.Repeat("A", 1<<16),
		"characters that are no letters": "ąćę." + parts[1] + "." + parts[2],
	} {
		turnedAway(t, name, presents(t, handler, "Bearer "+token))
	}
	for at := 0; at < len(good); at += 3 {
		letter := byte('A')
		if good[at] == letter {
			letter = 'B'
		}
		if at == len(good)-1 { // its last bits mean nothing, but it has one spelling
			letter = '-'
		}
		turnedAway(t, fmt.Sprintf("character %d changed", at), presents(t, handler, "Bearer "+good[:at]+string(letter)+good[at+1:]))
	}
	if s.log.Len() > 0 {
		t.Errorf("logged:\n%s", s.log)
	}
}

// cursorLists are all lists that give cursors.
var cursorLists = []string{
	"contacts(" + march + ", %s)", "agents(%s)", "agentGroups(%s)", "campaigns(%s)", "queues(%s)", "classifiers(%s)",
	"siteCalls(%s)", "downloads(%s)", "apiKeys(%s)", "auditEvents(%s)",
}

func TestForgery_OfACursorIsRefused(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.order(t, "one")
	s.order(t, "two")
	restricted := s.newKey(t, access.Grants{Campaigns: []string{"PS"}}, access.ScopeRead, access.ScopeAddresses, access.ScopeBcc, access.ScopeContent, access.ScopeExports, access.ScopeAdmin)
	cursors := make([]string, len(cursorLists))
	for i, list := range cursorLists {
		found := sealed.FindStringSubmatch(s.ask(t, "{list: "+fmt.Sprintf(list, "first: 1")+" {edges {cursor}}}", nil))
		if found == nil {
			t.Fatalf("%s gives no cursor", list)
		}
		cursors[i] = found[1]
	}
	tried := 0
	refuses := func(what, key, list, cursor string) {
		t.Helper()
		tried++
		end := []string{"first: 1, after: ", "last: 1, before: "}[tried%2] + literal(cursor)
		request := operation(t, "{list: "+fmt.Sprintf(list, end)+" {edges {cursor} totalCount}}", nil)
		request.Header.Set("Authorization", "Bearer "+key)
		answered := send(t, s, request)
		if answered.status != http.StatusOK || len(answered.Errors) != 1 || answered.Errors[0].Extensions.Code != "INVALID_CURSOR" || string(answered.Data) != "null" {
			t.Errorf("%s for %s is answered %d %s", what, list, answered.status, answered.body)
		}
	}
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	for i, list := range cursorLists {
		good := cursors[i]
		bytes := must(base64.RawURLEncoding.DecodeString(good))
		for at := range bytes {
			for _, bit := range []byte{1, 0x80} {
				altered := append([]byte{}, bytes...)
				altered[at] ^= bit
				refuses(fmt.Sprintf("byte %d altered", at), s.key, list, base64.RawURLEncoding.EncodeToString(altered))
			}
		}
		for at := range good {
			letter := alphabet[(strings.IndexByte(alphabet, good[at])+1+at%60)%64]
			refuses(fmt.Sprintf("character %d changed", at), s.key, list, good[:at]+string(letter)+good[at+1:])
			refuses(fmt.Sprintf("cut at %d", at), s.key, list, good[:at])
		}
		for _, forged := range []string{
			good + "=", good + "A", " " + good, good + "\n", good[:9] + "\r\n" + good[9:], strings.Repeat(good, 100), "YXJyYXljb25uZWN0aW9uOjA=", "0", "ą",
		} {
			refuses("another spelling", s.key, list, forged)
		}
		for j, other := range cursors {
			if i != j {
				refuses("the cursor of another list", s.key, list, other)
			}
		}
		if i < 8 { // the others have one list for all who may see them
			// Downloads are everybody's for administrators: they see the same list.
			if !strings.HasPrefix(list, "downloads") {
				refuses("the cursor of who sees more", restricted, list, good)
			}
		}
	}
	for _, filter := range []string{
		`filter: {period: {range: {from: "2024-03-01", to: "2024-03-31"}}}`, `filter: {period: {preset: CURRENT_MONTH}, statuses: [ANSWERED]}`,
		`filter: {period: {preset: CURRENT_MONTH}, timeZone: "UTC"}`, march + `, orderBy: {field: STARTED_AT, direction: ASC}`, march + `, orderBy: {field: TALK_TIME}`,
	} {
		refuses("the cursor of another filter", s.key, "contacts("+filter+", %s)", cursors[0])
	}
	refuses("the cursor of another search", s.key, `agents(search: "a", %s)`, cursors[1])
	refuses("the cursor of another list of agents", s.key, `agents(includeDeleted: true, %s)`, cursors[1])
	refuses("the cursor of other downloads", s.key, `downloads(states: [READY], %s)`, cursors[7])
	owner := s.newKey(t, access.Grants{Unrestricted: true}, access.ScopeExports, access.ScopeRead)
	refuses("the cursor of everybody's downloads", owner, "downloads(%s)", cursors[7])
	t.Logf("%d forged cursors", tried)
	if s.log.Len() > 0 {
		t.Errorf("logged:\n%s", s.log)
	}
}
