package relay_test

import (
	"context"
	"encoding/base64"
	"slices"
	"strings"
	"testing"

	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/relay"
)

func ptr[T any](value T) *T { return &value }

func TestWindow_TakesAPageFromEitherEnd(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		args relay.PageArgs
		want relay.Window
	}{
		"nothing given is a default page": {relay.PageArgs{}, relay.Window{Size: 50}},
		"first":                           {relay.PageArgs{First: ptr(7)}, relay.Window{Size: 7}},
		"first zero":                      {relay.PageArgs{First: ptr(0)}, relay.Window{Size: 0}},
		"after alone":                     {relay.PageArgs{After: ptr("x")}, relay.Window{Size: 50, Cursor: ptr("x")}},
		"last":                            {relay.PageArgs{Last: ptr(200)}, relay.Window{Size: 200, Backward: true}},
		"last before":                     {relay.PageArgs{Last: ptr(3), Before: ptr("x")}, relay.Window{Size: 3, Backward: true, Cursor: ptr("x")}},
		"before alone":                    {relay.PageArgs{Before: ptr("x")}, relay.Window{Size: 50, Backward: true, Cursor: ptr("x")}},
	} {
		got, err := c.args.Window()
		if err != nil || got.Size != c.want.Size || got.Backward != c.want.Backward || (got.Cursor == nil) != (c.want.Cursor == nil) {
			t.Errorf("%s: %+v, %v; want %+v", name, got, err, c.want)
		}
	}
}

func TestWindow_RefusesContradictionsAndSizesOutOfRange(t *testing.T) {
	t.Parallel()
	for name, args := range map[string]relay.PageArgs{
		"negative first":   {First: ptr(-1)},
		"first too large":  {First: ptr(201)},
		"negative last":    {Last: ptr(-1)},
		"last too large":   {Last: ptr(201)},
		"both ends":        {First: ptr(1), Last: ptr(1)},
		"after and before": {After: ptr("x"), Before: ptr("y")},
		"first and before": {First: ptr(1), Before: ptr("x")},
		"last and after":   {Last: ptr(1), After: ptr("x")},
	} {
		if _, err := args.Window(); fault.CodeOf(err) != fault.InvalidPage {
			t.Errorf("%s: %v; want INVALID_PAGE", name, err)
		}
	}
}

func TestConnection_ShowsThePageInListOrderAndWhatLiesAroundIt(t *testing.T) {
	t.Parallel()
	cursor := func(s string) string { return "@" + s }
	count := func(context.Context) (int, error) { return 9, nil }
	for name, c := range map[string]struct {
		window         relay.Window
		rows, want     []string
		next, previous bool
	}{
		"first page":        {relay.Window{Size: 2}, []string{"a", "b", "c"}, []string{"a", "b"}, true, false},
		"page after a row":  {relay.Window{Size: 2, Cursor: ptr("x")}, []string{"c"}, []string{"c"}, false, true},
		"last page":         {relay.Window{Size: 2, Backward: true}, []string{"z", "y", "x"}, []string{"y", "z"}, false, true},
		"page before a row": {relay.Window{Size: 2, Backward: true, Cursor: ptr("x")}, []string{"b", "a"}, []string{"a", "b"}, true, false},
		"no room":           {relay.Window{Size: 0}, []string{"a"}, []string{}, true, false},
	} {
		page := relay.NewConnection(c.window, slices.Clone(c.rows), cursor, count)
		info := page.PageInfo()
		if !slices.Equal(page.Nodes(), c.want) || info.HasNextPage != c.next || info.HasPreviousPage != c.previous {
			t.Errorf("%s: %v %+v", name, page.Nodes(), info)
		}
		if n := len(c.want); n > 0 {
			if *info.StartCursor != "@"+c.want[0] || *info.EndCursor != page.Edges()[n-1].Cursor() {
				t.Errorf("%s: cursors %s %s", name, *info.StartCursor, *info.EndCursor)
			}
		} else if info.StartCursor != nil || info.EndCursor != nil {
			t.Errorf("%s: an empty page has cursors", name)
		}
	}
}

func TestCursor_OpensOnlyAsItWasSealed(t *testing.T) {
	t.Parallel()
	signer, scope := relay.NewSigner([]byte("key")), relay.NewScope([]byte("list"))
	cursor := signer.Seal(scope, []byte("payload"))
	if found, payload, err := signer.Open(cursor); err != nil || found != scope || string(payload) != "payload" {
		t.Fatalf("opened %v %q %v", found, payload, err)
	}
	if _, _, err := relay.NewSigner([]byte("other")).Open(cursor); fault.CodeOf(err) != fault.InvalidCursor {
		t.Errorf("another key opened it: %v", err)
	}
	for i := range cursor {
		for _, mutated := range []string{cursor[:i] + cursor[i+1:], cursor[:i] + "\n" + cursor[i:], cursor[:i] + string(cursor[i]^1) + cursor[i+1:]} {
			if _, _, err := signer.Open(mutated); fault.CodeOf(err) != fault.InvalidCursor {
				t.Errorf("%q was taken for a cursor: %v", mutated, err)
			}
		}
	}
	for _, forged := range []string{"", "garbage", "YWJj", strings.Repeat("A", 5000), base64.StdEncoding.EncodeToString([]byte("payload"))} {
		if _, _, err := signer.Open(forged); fault.CodeOf(err) != fault.InvalidCursor {
			t.Errorf("%.20q was taken for a cursor: %v", forged, err)
		}
	}
}

func FuzzCursor(f *testing.F) {
	signer, scope := relay.NewSigner([]byte("key")), relay.NewScope([]byte("list"))
	genuine := signer.Seal(scope, []byte("payload"))
	f.Add(genuine)
	f.Add("AQAAAAAAAAAA")
	f.Fuzz(func(t *testing.T, cursor string) {
		if _, _, err := signer.Open(cursor); err == nil && cursor != genuine {
			t.Fatalf("%q was never sealed, and opens", cursor)
		}
	})
}

func TestIDs_AreReadBackAndNothingElseIs(t *testing.T) {
	t.Parallel()
	for _, number := range []int64{0, 1, -1, 1 << 62} {
		id := relay.EncodeID(relay.ContactKind, number)
		if got, err := relay.DecodeIDOf(relay.ContactKind, id); err != nil || got != number {
			t.Errorf("%s: %d, %v", id, got, err)
		}
		if _, err := relay.DecodeIDOf(relay.AgentKind, id); fault.CodeOf(err) != fault.InvalidID {
			t.Errorf("the id of a contact was taken for an agent's: %v", err)
		}
	}
	raw := base64.RawURLEncoding.EncodeToString
	for _, id := range []string{
		"", "1", "Contact:1", raw([]byte("Contact:01")), raw([]byte("Contact:+1")), raw([]byte("Contact:1 ")), raw([]byte("contact:1")),
		raw([]byte("Contact")), raw([]byte("Contact:")), raw([]byte("Thing:1")), raw([]byte("Contact:99999999999999999999")),
		relay.EncodeID(relay.ContactKind, 1) + "=", relay.EncodeID(relay.ContactKind, 1) + "\n", strings.Repeat("A", 100_000),
	} {
		if _, _, err := relay.DecodeID(id); fault.CodeOf(err) != fault.InvalidID {
			t.Errorf("%.40q was taken for an id: %v", id, err)
		}
	}
}

func FuzzID(f *testing.F) {
	f.Add(relay.EncodeID(relay.RecordKind, 17))
	f.Add("Q29udGFjdDox")
	f.Fuzz(func(t *testing.T, id string) {
		if kind, number, err := relay.DecodeID(id); err == nil && relay.EncodeID(kind, number) != id {
			t.Fatalf("%q reads as %s %d, which is written otherwise", id, kind, number)
		}
	})
}
