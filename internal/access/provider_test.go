package access

import (
	"crypto/ecdsa"
	"encoding/json"
	"io"
	"maps"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/golang-jwt/jwt/v5"
	"github.com/oauth2-proxy/mockoidc"
)

// provider is a real OpenID Connect provider on a loopback port, whose keys a test changes and whose door it shuts.
type provider struct {
	*mockoidc.MockOIDC

	mu        sync.Mutex
	shut      bool
	more      []jose.JSONWebKey // published beside the provider's own key
	keysAsked int
	asked     int
}

func newProvider(t testing.TB) *provider {
	t.Helper()
	key, err := mockoidc.RandomKeypair(2048)
	must(t, err)
	server, err := mockoidc.NewServer(key.PrivateKey)
	must(t, err)
	p := &provider{MockOIDC: server}
	must(t, server.AddMiddleware(p.door))
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	must(t, server.Start(listener, nil))
	t.Cleanup(func() { _ = server.Server.Close() })
	return p
}

func (p *provider) door(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.asked++
		switch {
		case p.shut:
			http.Error(w, "closed", http.StatusBadGateway)
		case r.URL.Path == mockoidc.JWKSEndpoint:
			p.keysAsked++
			p.publish(w)
		default:
			next.ServeHTTP(w, r)
		}
	})
}

// publish adds further keys to the provider's own.
func (p *provider) publish(w http.ResponseWriter) {
	own, err := p.Keypair.JWKS()
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	var keys jose.JSONWebKeySet
	if err := json.Unmarshal(own, &keys); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	keys.Keys = append(keys.Keys, p.more...)
	_ = json.NewEncoder(w).Encode(keys)
}

func (p *provider) setShut(shut bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.shut = shut
}

func (p *provider) rotate(t testing.TB) {
	t.Helper()
	key, err := mockoidc.RandomKeypair(2048)
	must(t, err)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.Keypair = key
}

func (p *provider) alsoPublish(id string, key *ecdsa.PublicKey) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.more = append(p.more, jose.JSONWebKey{KeyID: id, Key: key, Algorithm: "ES256", Use: "sig"})
}

func (p *provider) timesAsked() (all, keys int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.asked, p.keysAsked
}

// sign makes a token of the provider.
func (p *provider) sign(t testing.TB, content jwt.MapClaims) string {
	t.Helper()
	raw, err := p.Keypair.SignJWT(content)
	must(t, err)
	return raw
}

// signText makes a token of the provider whose claims are a text, whatever it holds.
func (p *provider) signText(t testing.TB, payload string) string {
	t.Helper()
	keyID, err := p.Keypair.KeyID()
	must(t, err)
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.RS256, Key: jose.JSONWebKey{Key: p.Keypair.PrivateKey, KeyID: keyID}}, nil)
	must(t, err)
	signed, err := signer.Sign([]byte(payload))
	must(t, err)
	raw, err := signed.CompactSerialize()
	must(t, err)
	return raw
}

// content are the claims of a good token, with some changed; nil takes one away.
func (p *provider) content(now time.Time, changed jwt.MapClaims) jwt.MapClaims {
	content := jwt.MapClaims{
		"iss": p.Issuer(), "aud": "kontakty", "sub": "anna", "iat": now.Unix(), "exp": now.Add(5 * time.Minute).Unix(),
		"name": "Anna Nowak", "scope": "openid contacts:read", "kontakty_campaigns": []string{"c1"},
	}
	maps.Copy(content, changed)
	maps.DeleteFunc(content, func(_ string, value any) bool { return value == nil })
	return content
}

// signIn goes through the whole flow of a browser and a client, and gives the token that comes out.
func (p *provider) signIn(t testing.TB, user mockoidc.User) string {
	t.Helper()
	p.QueueUser(user)
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	response, err := client.Get(p.AuthorizationEndpoint() + "?" + url.Values{
		"scope": {"openid profile"}, "state": {"s"}, "client_id": {p.ClientID}, "response_type": {"code"},
		"redirect_uri": {"https://kontakty.example.com/back"},
	}.Encode())
	must(t, err)
	must(t, response.Body.Close())
	back, err := response.Location()
	must(t, err)
	response, err = client.PostForm(p.TokenEndpoint(), url.Values{
		"grant_type": {"authorization_code"}, "code": {back.Query().Get("code")},
		"client_id": {p.ClientID}, "client_secret": {p.ClientSecret},
	})
	must(t, err)
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	must(t, err)
	var answer struct {
		IDToken string `json:"id_token"`
	}
	must(t, json.Unmarshal(body, &answer))
	if strings.Count(answer.IDToken, ".") != 2 {
		t.Fatalf("the provider answered %s", body)
	}
	return answer.IDToken
}

// person is a user of the provider with rights.
type person struct{ *mockoidc.MockUser }

func (p person) Claims(_ []string, base *mockoidc.IDTokenClaims) (jwt.Claims, error) {
	return struct {
		*mockoidc.IDTokenClaims
		Name        string         `json:"name"`
		RealmAccess map[string]any `json:"realm_access"`
		AgentGroups []string       `json:"kontakty_groups"`
		Agent       int            `json:"kontakty_agent"`
	}{base, "Jane Doe", map[string]any{"roles": []string{"supervisor", "offline_access"}}, []string{"Sprzedaż", "BOK"}, 17}, nil
}
