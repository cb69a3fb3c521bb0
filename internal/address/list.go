package address

import (
	"net/url"
	"strings"
)

// List gives the addresses of a list that holds a mailbox, each as it was written: nil where there is one address alone.
func List(raw string) []string {
	if !strings.Contains(raw, "@") || !strings.ContainsAny(raw, ",;") {
		return nil
	}
	text := clean(raw)
	if _, isURI := uriUser(text); isURI {
		return nil
	}
	entries := entriesOf(text)
	if len(entries) < 2 {
		return nil
	}
	written, mailboxes := make([]string, len(entries)), 0
	for i, one := range entries {
		written[i] = one.written
		if one.key != "" {
			mailboxes++
		}
	}
	if mailboxes == 0 {
		return nil
	}
	return written
}

// firstMailbox is the key of the first mailbox of a text that is one, or a list of several.
func firstMailbox(text string) (key string, ok bool) {
	if strings.IndexByte(text, '@') < 0 {
		return "", false
	}
	for _, one := range entriesOf(text) {
		if one.key != "" {
			return one.key, true
		}
	}
	return "", false
}

// entry is one address of a list, with its key where it is a mailbox.
type entry struct{ written, key string }

// entriesOf takes a list apart. What has no "@" is a part of the name behind it: "Kowalski, Jan <jan@example.com>".
func entriesOf(text string) []entry {
	text = withoutMailto(text)
	pieces := separated(text)
	if len(pieces) > 1 {
		if group := groupOf(text); group != nil {
			return group
		}
	}
	var entries []entry
	pending := ""
	for _, piece := range pieces {
		if one := strings.Trim(piece, " ,;"); isBare(one) {
			if name := strings.Trim(pending, " ,;"); name != "" {
				entries = append(entries, entry{written: name})
			}
			entries, pending = append(entries, entry{one, mailbox(one)}), ""
			continue
		}
		pending += piece
		if strings.IndexByte(piece, '@') >= 0 {
			written := strings.Trim(pending, " ,;")
			entries, pending = append(entries, entry{written, mailbox(written)}), ""
		}
	}
	if written := strings.Trim(pending, " ,;"); written != "" {
		entries = append(entries, entry{written: written})
	}
	return entries
}

// groupOf reads a group such as "Team: a@example.com, b@example.com;", nil for anything else.
func groupOf(text string) []entry {
	if text[len(text)-1] != ';' || strings.IndexByte(text, ':') < 0 {
		return nil
	}
	members, err := parser.ParseList(text)
	if err != nil {
		return nil
	}
	entries := make([]entry, len(members))
	for i, one := range members {
		entries[i] = entry{one.Address, canonical(one.Address)}
	}
	return entries
}

// mailto begins a mailbox in the address of a link.
const mailto = "mailto:"

// withoutMailto drops the scheme and the headers of "mailto:jan@example.com?subject=…".
func withoutMailto(text string) string {
	bracketed := strings.HasPrefix(text, "<") && strings.HasSuffix(text, ">")
	if bracketed {
		text = text[1 : len(text)-1]
	}
	rest, found := cutAnyPrefix(text, []string{mailto})
	if !found {
		if bracketed {
			return "<" + text + ">"
		}
		return text
	}
	rest, _, _ = strings.Cut(rest, "?")
	if decoded, err := url.PathUnescape(rest); err == nil {
		rest = decoded
	}
	return clean(rest)
}

// separated cuts a text behind each comma and semicolon that stands outside quotes, comments and angle brackets. If
// quotes or brackets do not close, they count for nothing.
func separated(text string) []string {
	var pieces []string
	begin, depth := 0, 0
	quoted, angled := false, false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '\\' && (quoted || depth > 0):
			i++
		case c == '"' && depth == 0:
			quoted = !quoted
		case quoted:
		case c == '(':
			depth++
		case c == ')' && depth > 0:
			depth--
		case depth > 0:
		case c == '<':
			angled = true
		case c == '>':
			angled = false
		case (c == ',' || c == ';') && !angled:
			pieces = append(pieces, text[begin:i+1])
			begin = i + 1
		}
	}
	if quoted || depth > 0 || angled {
		return cutBehind(text)
	}
	return append(pieces, text[begin:])
}

// cutBehind cuts a text behind each comma and semicolon.
func cutBehind(text string) []string {
	var pieces []string
	for {
		at := strings.IndexAny(text, ",;")
		if at < 0 {
			return append(pieces, text)
		}
		pieces, text = append(pieces, text[:at+1]), text[at+1:]
	}
}
