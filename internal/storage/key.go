package storage

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxKey is how long a key may be in bytes, as S3 has it.
const maxKey = 1024

// Key is the key of the file that a source knows by a path; false for a path that names none. Slashes in front go, and so does
// the collection's prefix. What could mean another place to any program that reads it is refused: a part that begins with a
// dot, so that ".." is none, a backslash, a control character, broken UTF-8, an encoded dot, slash, backslash or NUL, and the
// path of a folder.
func (c *Collection) Key(path string) (string, bool) {
	if len(path) > 2*maxKey || !utf8.ValidString(path) || strings.ContainsFunc(path, isForbidden) || hasEncoding(path) || strings.HasSuffix(path, "/") {
		return "", false
	}
	var parts []string
	for part := range strings.SplitSeq(path, "/") {
		if strings.HasPrefix(part, ".") {
			return "", false
		}
		if part != "" {
			parts = append(parts, part)
		}
	}
	key := strings.Join(parts, "/")
	if c.prefix != "" && strings.HasPrefix(path, "/") {
		key = strings.TrimPrefix(key, c.prefix+"/")
	}
	return key, key != "" && len(key) <= maxKey
}

func isForbidden(r rune) bool {
	return r == '\\' || unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp) || r == unicode.ReplacementChar
}

// hasEncoding says whether a text holds an encoded character that could change where it points.
func hasEncoding(text string) bool {
	lower := strings.ToLower(text)
	for _, code := range []string{"%2e", "%2f", "%5c", "%00", "%25", "%c0", "%u"} {
		if strings.Contains(lower, code) {
			return true
		}
	}
	return false
}
