package migrations

import (
	"strings"
	"unicode/utf8"
)

// tokenKind says what a token is to PostgreSQL.
type tokenKind int

const (
	space tokenKind = iota
	comment
	quoted // a string, in quotes or between dollars
	name   // a keyword or an identifier, quoted or not
	symbol
)

// token is a part of a text of SQL that is one thing to PostgreSQL. The tokens of a text are all of it.
type token struct {
	kind tokenKind
	text string
}

// tokensOf cuts a text of SQL into tokens. What is not closed goes on to its end.
func tokensOf(sql string) []token {
	var tokens []token
	for len(sql) > 0 {
		kind, length := nextToken(sql)
		tokens = append(tokens, token{kind, sql[:length]})
		sql = sql[length:]
	}
	return tokens
}

func nextToken(sql string) (tokenKind, int) {
	switch c := sql[0]; {
	case strings.IndexByte(" \t\r\n", c) >= 0:
		return space, len(sql) - len(strings.TrimLeft(sql, " \t\r\n"))
	case strings.HasPrefix(sql, "--"):
		return comment, until(sql, "\n", 0)
	case strings.HasPrefix(sql, "/*"):
		return comment, blockComment(sql)
	case c == '\'':
		return quoted, closing(sql, 1, '\'', false)
	case (c == 'e' || c == 'E') && strings.HasPrefix(sql[1:], "'"):
		return quoted, closing(sql, 2, '\'', true)
	case c == '"':
		return name, closing(sql, 1, '"', false)
	case c == '$':
		if end := strings.IndexByte(sql[1:], '$'); end >= 0 && len(sql[1:1+end]) == wordLength(sql[1:1+end]) {
			tag := sql[:end+2]
			return quoted, len(tag) + until(sql[len(tag):], tag, len(tag))
		}
		return symbol, 1
	case wordLength(sql) > 0:
		return name, wordLength(sql)
	default:
		_, length := utf8.DecodeRuneInString(sql)
		return symbol, length
	}
}

// until is where the mark stands, with so many of its bytes, or else the end.
func until(sql, mark string, with int) int {
	if at := strings.Index(sql, mark); at >= 0 {
		return at + with
	}
	return len(sql)
}

// closing is where a quoted thing ends whose content begins at from; two quotes, or one behind a backslash where that
// escapes, do not end it.
func closing(sql string, from int, quote byte, escapes bool) int {
	for i := from; i < len(sql); i++ {
		switch {
		case escapes && sql[i] == '\\':
			i++
		case sql[i] == quote && strings.HasPrefix(sql[i+1:], string(quote)):
			i++
		case sql[i] == quote:
			return i + 1
		}
	}
	return len(sql)
}

// blockComment is where a comment ends that may hold others.
func blockComment(sql string) int {
	depth := 0
	for i := 0; i+1 < len(sql); i++ {
		switch sql[i : i+2] {
		case "/*":
			depth++
			i++
		case "*/":
			depth--
			i++
			if depth == 0 {
				return i + 1
			}
		}
	}
	return len(sql)
}

// wordLength is how long the keyword or identifier is that a text begins with. Braces belong to it, as {child} is part of one.
func wordLength(sql string) int {
	for i, c := range sql {
		letter := c == '_' || c == '{' || c == '}' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c >= utf8.RuneSelf
		if !letter && (i == 0 || c != '$' && (c < '0' || c > '9')) {
			return i
		}
	}
	return len(sql)
}
