package export

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/link"
	"github.com/kontakty/kontakty/internal/relay"
	"github.com/kontakty/kontakty/internal/workbook"
	"github.com/kontakty/kontakty/internal/workbook/workbooktest"
)

func TestLink_OpensAFileOnlyFreshAndUnchanged(t *testing.T) {
	t.Parallel()
	s := newSite(t, WorkerConfig{})
	s.fill(t, 10)
	download, _ := s.made(t, workbooktest.March(), workbook.Simple, fault.Polish)
	other, _ := s.made(t, workbooktest.March(), workbook.Detailed, fault.Polish)
	address := strings.TrimPrefix(*download.URL(), "https://kontakty.example.com")
	path, token, found := strings.Cut(address, "?token=")
	if !found {
		t.Fatalf("the address is %s", address)
	}
	_, another, _ := strings.Cut(*other.URL(), "?token=")
	forged := map[string]string{
		"another file":                 FilesPath + other.NodeID() + "?token=" + token,
		"another file's token":         path + "?token=" + another,
		"no token":                     path + "?token=",
		"no query":                     path,
		"half a token":                 path + "?token=" + token[:len(token)/2],
		"two tokens":                   address + "&token=" + token,
		"a token without its name":     path + "?" + token,
		"another parameter":            address + "&x=1",
		"another parameter first":      path + "?x=1&token=" + token,
		"another name":                 path + "?Token=" + token,
		"a line end within":            path + "?token=" + token[:9] + "%0A" + token[9:],
		"a line end behind":            address + "%0D%0A",
		"padding":                      address + "=",
		"the other alphabet":           path + "?token=" + strings.NewReplacer("-", "%2B", "_", "%2F").Replace(token) + "%2B",
		"an escaped character":         path + "?token=%" + fmt.Sprintf("%02X", token[0]) + token[1:],
		"an id of another kind":        FilesPath + relay.EncodeID(relay.AgentKind, download.ID) + "?token=" + token,
		"something before the id":      FilesPath + "x" + download.NodeID() + "?token=" + token,
		"something behind the id":      path + "x?token=" + token,
		"a token with bytes behind":    address + "AAAA",
		"nothing but a nonce":          path + "?token=" + token[:16],
		"a NUL":                        address + "%00",
		"the signature of old":         path + "?expires=1712741700&signature=" + token,
		"the token as it was before":   path + "?token=" + strings.ToUpper(token),
		"a token without its 1st byte": path + "?token=" + token[4:],
	}
	// Every character, changed within the alphabet and beyond it, left out, and doubled.
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	random := rand.New(rand.NewPCG(1, 2))
	for i := range token {
		changed := alphabet[(strings.IndexByte(alphabet, token[i])+1+random.IntN(63))%64]
		for what, changed := range map[string]string{
			"within": token[:i] + string(changed) + token[i+1:], "next": token[:i] + string(alphabet[strings.IndexByte(alphabet, token[i])^1]) + token[i+1:],
			"beyond": token[:i] + "!" + token[i+1:], "left out": token[:i] + token[i+1:], "doubled": token[:i+1] + token[i:],
		} {
			forged[fmt.Sprintf("character %d %s", i, what)] = path + "?token=" + changed
		}
	}
	for range 500 { // whatever comes to mind
		text := make([]byte, random.IntN(2*len(token)))
		for i := range text {
			text[i] = byte(random.IntN(256))
		}
		forged[fmt.Sprintf("bytes %x", text)] = path + "?token=" + url.QueryEscape(string(text))
	}
	for what, address := range forged {
		if strings.HasSuffix(address, "?token="+token) && strings.HasPrefix(address, path+"?") {
			t.Fatalf("%s is the address itself", what)
		}
		answer := s.ask(t, http.MethodGet, address, nil)
		equal(t, what, answer.Code, http.StatusForbidden)
		equal(t, what+": code", strings.Contains(answer.Body.String(), `"LINK_INVALID"`), true)
	}
	for _, c := range []struct {
		after  time.Duration
		status int
	}{{0, http.StatusOK}, {link.Life - time.Second, http.StatusOK}, {link.Life, http.StatusForbidden}} {
		moment := now.Add(c.after)
		s.now.Store(&moment)
		equal(t, c.after.String(), s.ask(t, http.MethodGet, address, nil).Code, c.status)
	}
	equal(t, "a fresh one", s.ask(t, http.MethodGet, *s.look(t, download).URL(), nil).Code, http.StatusOK)

	// A process of its own on the same database makes and opens the same addresses.
	fresh := *s.look(t, download).URL()
	next, err := NewDownloads(s.pool, s.store, s.directory, s.signer, s.config)
	must(t, err)
	s.downloads = next
	equal(t, "the address by another process", *s.look(t, download).URL(), fresh)
	equal(t, "at another process", s.ask(t, http.MethodGet, fresh, nil).Code, http.StatusOK)

	// On another database the same link is another text.
	s.exec(t, `UPDATE secrets SET value = sha256(value) WHERE name = 'link'`)
	s.set(t, func(*Config) {}, WorkerConfig{})
	equal(t, "with another key", s.ask(t, http.MethodGet, fresh, nil).Code, http.StatusForbidden)
}
