package asterisk_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/kontakty/kontakty/internal/telephony"
	"github.com/kontakty/kontakty/internal/telephony/asterisk/reader"
)

// scriptStart is the second that +0 of a script means: 2026-11-27T22:58:37+01:00.
const scriptStart = 1795816717

// scriptChannel is a channel of a script.
type scriptChannel struct {
	name, uid, linked, number, exten, context string
}

// script writes CEL as a call is played: a line a second ("+2 …"), events between semicolons, each a type, a bridge where
// there is one, channels, and values: EXTEN@CONTEXT, App(data), cause=, src=, ext=, transferee=, uid=, linked=, num=, app=.
type script struct {
	t        testing.TB
	channels map[string]*scriptChannel
	next     int
	first    string // the linkedid of what has none of its own
	lines    []string
	micro    int
}

// endpoints are the channels of scripts by their short names.
var endpoints = map[string]string{
	"T": "PJSIP/siptrunk-0000000a", "A": "PJSIP/201-0000000b", "J": "PJSIP/202-0000000c", "E": "PJSIP/203-0000000d", "V": "PJSIP/204-0000000e",
	"O": "PJSIP/siptrunk-0000000f", "A'": "PJSIP/201-00000010", "U": "PJSIP/siptrunk-00000011",
	"L1": "Local/202@from-queue-00000001;1", "L2": "Local/202@from-queue-00000001;2",
	"M1": "Local/202@from-queue-00000002;1", "M2": "Local/202@from-queue-00000002;2",
	"N1": "Local/203@from-queue-00000003;1", "N2": "Local/203@from-queue-00000003;2",
	"P1": "Local/202@from-internal-00000004;1", "P2": "Local/202@from-internal-00000004;2",
}

func celLines(t testing.TB, text string) []string {
	t.Helper()
	s := &script{t: t, channels: map[string]*scriptChannel{}}
	second := int64(scriptStart)
	for _, line := range strings.Split(strings.TrimSpace(text), "\n") {
		line = strings.TrimSpace(line)
		if plus, rest, ok := strings.Cut(line, " "); ok && strings.HasPrefix(plus, "+") {
			offset, err := strconv.Atoi(plus[1:])
			if err != nil {
				t.Fatal(err)
			}
			second, line = scriptStart+int64(offset), rest
		}
		for _, event := range strings.Split(line, ";") {
			if words := strings.Fields(event); len(words) > 0 {
				s.play(second, words)
			}
		}
	}
	return s.lines
}

func (s *script) play(second int64, words []string) {
	kind, values := words[0], words[1:]
	bridge := ""
	if strings.HasPrefix(values[0], "b") {
		bridge, values = values[0], values[1:]
	}
	names := strings.Split(values[0], ",")
	for _, name := range names {
		s.write(second, kind, bridge, name, values[1:])
	}
}

func (s *script) write(second int64, kind, bridge, name string, values []string) {
	ch := s.channels[name]
	if ch == nil {
		ch = s.start(second, name, values)
	}
	extra := map[string]string{}
	row := map[string]string{}
	for _, value := range values {
		key, text, isPair := strings.Cut(value, "=")
		switch {
		case isPair:
			s.set(ch, key, text, extra, row)
		case strings.HasSuffix(value, ")"):
			app, data, _ := strings.Cut(strings.TrimSuffix(value, ")"), "(")
			row["app"], row["data"] = app, data
		case strings.Contains(value, "@"):
			ch.exten, ch.context, _ = strings.Cut(value, "@")
		case kind == "DTMF":
			row["user"], extra["digit"] = "Received", value
		default:
			row["app"] = value
		}
	}
	if bridge != "" {
		extra["bridge_id"], extra["bridge_technology"] = bridge, "simple_bridge"
	}
	if kind == "HANGUP" && extra["hangupcause"] == "" {
		extra["hangupcause"] = "16"
	}
	s.micro++
	kind = strings.NewReplacer("ENTER", "BRIDGE_ENTER", "EXIT", "BRIDGE_EXIT").Replace(kind)
	s.lines = append(s.lines, quoted(kind, fmt.Sprintf("%d.%06d", second, s.micro), "", ch.number, "", "", "", ch.exten, ch.context, ch.name, row["app"],
		row["data"], "", ch.uid, ch.linked, "", row["user"], extraText(extra)))
}

func (s *script) set(ch *scriptChannel, key, text string, extra, row map[string]string) {
	named := text
	if other := s.channels[text]; other != nil {
		named = other.name
	}
	switch key {
	case "cause":
		extra["hangupcause"] = text
	case "src":
		extra["hangupsource"] = named
	case "ext":
		extra["extension"] = text
	case "transferee":
		extra["transferee_channel_uniqueid"] = s.channels[text].uid
	case "linked":
		ch.linked = s.channels[text].uid
	case "num":
		ch.number = text
	case "app":
		row["app"] = text
	case "extra":
		extra["extra"] = text
	case "uid", "own":
	default:
		s.t.Fatalf("unknown value %s=%s", key, text)
	}
}

// start is a channel's beginning: by itself if it is the first one or if own=1 is said.
func (s *script) start(second int64, name string, values []string) *scriptChannel {
	ch := &scriptChannel{name: endpoints[name], uid: fmt.Sprintf("%d.%d", second, s.next), linked: s.first}
	if ch.name == "" {
		s.t.Fatalf("unknown channel %s", name)
	}
	s.next++
	if strings.HasPrefix(ch.name, "PJSIP/siptrunk-0000000a") {
		ch.number = "+48501723894"
	}
	for _, value := range values {
		if uid, ok := strings.CutPrefix(value, "uid="); ok {
			ch.uid = uid
		}
	}
	if s.first == "" {
		s.first = ch.uid
	}
	for _, value := range values {
		if value == "own=1" {
			ch.linked = ch.uid
		}
	}
	if ch.linked == "" {
		ch.linked = ch.uid
	}
	s.channels[name] = ch
	return ch
}

func quoted(values ...string) string {
	for i, value := range values {
		values[i] = `"` + strings.ReplaceAll(value, `"`, `""`) + `"`
	}
	return strings.Join(values, ",")
}

func extraText(extra map[string]string) string {
	if len(extra) == 0 {
		return ""
	}
	var parts []string
	for _, key := range []string{"bridge_id", "bridge_technology", "hangupcause", "hangupsource", "digit", "extension", "transferee_channel_uniqueid", "extra"} {
		if value, known := extra[key]; known {
			if key == "hangupcause" {
				parts = append(parts, fmt.Sprintf("%q:%s", key, value))
			} else {
				parts = append(parts, fmt.Sprintf("%q:%q", key, value))
			}
		}
	}
	return "{" + strings.Join(parts, ",") + "}"
}

func scriptRows(t testing.TB, text string) []telephony.Row {
	t.Helper()
	in, err := reader.NewCEL(warsaw, nil)
	if err != nil {
		t.Fatal(err)
	}
	return readRows(t, in, celLines(t, text))
}
