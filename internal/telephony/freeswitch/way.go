package freeswitch

import (
	"cmp"
	"strings"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/telephony"
)

// queueIn is the queue that the client entered in a stretch, empty for none.
func (a *analysis) queueIn(s *stretch) string {
	queue, _, _ := strings.Cut(a.main.Variables["cc_queue"], "@")
	joined := a.queueJoined()
	if queue == "" || joined == 0 || joined >= s.to || joined < s.from && !s.isFirst {
		return ""
	}
	return queue
}

// placeTiles are the tiles of a stretch but for talks: places that the configuration names, voice mailboxes and the queue.
func (a *analysis) placeTiles(s *stretch) []telephony.Tile {
	var tiles []telephony.Tile
	for i := range a.main.Profiles {
		p := &a.main.Profiles[i]
		entered := p.Created / 1_000_000
		named := a.names.Step(p.Destination)
		if named == nil || entered == 0 || !s.holds(entered) {
			continue
		}
		left := a.main.end()
		if i+1 < len(a.main.Profiles) && a.main.Profiles[i+1].Created > 0 {
			left = a.main.Profiles[i+1].Created / 1_000_000
		}
		tiles = append(tiles, telephony.Tile{Kind: named.Kind, Name: named.Name, Entered: entered, Left: max(entered, a.untilNext(s, entered, left))})
	}
	a.setChoice(tiles)
	for _, at := range a.main.Voicemail {
		if entered := at / 1_000_000; s.holds(entered) {
			tiles = append(tiles, telephony.Tile{Kind: contact.VoicemailStep, Name: "Poczta głosowa", Entered: entered, Left: max(entered, a.main.end())})
		}
	}
	if queue := a.queueIn(s); queue != "" {
		joined := a.queueJoined()
		left := cmp.Or(a.main.second("cc_queue_answered"), a.main.second("cc_queue_canceled"), a.main.second("cc_queue_terminated"), a.main.end())
		tiles = append(tiles, telephony.Tile{Kind: contact.QueueStep, Name: a.names.Queue(queue).Name, Choice: a.main.Variables["cc_exit_key"], Entered: joined, Left: max(joined, s.untilTalk(joined, left))})
	}
	return tiles
}

func (s *stretch) holds(second int64) bool {
	return second < s.to && (s.isFirst || second >= s.from)
}

// untilNext is where a place ends that lasts at most until a second: a talk or the queue ends it.
func (a *analysis) untilNext(s *stretch, entered, left int64) int64 {
	if joined := a.queueJoined(); joined >= entered && joined > 0 {
		left = min(left, joined)
	}
	return s.untilTalk(entered, left)
}

// untilTalk is where a tile ends that lasts at most until a second: the next talk ends it.
func (s *stretch) untilTalk(entered, left int64) int64 {
	for _, t := range s.talks {
		if t.from >= entered {
			left = min(left, t.from)
		}
	}
	return left
}

// setChoice gives the digits that the client dialled to the only menu of the way; of several nobody can say whose they are.
func (a *analysis) setChoice(tiles []telephony.Tile) {
	menu := -1
	for i := range a.main.Profiles {
		if step := a.names.Step(a.main.Profiles[i].Destination); step != nil && step.Kind == contact.MenuStep {
			if menu >= 0 {
				return
			}
			menu = i
		}
	}
	digits := a.main.Variables["digits_dialed"]
	if menu < 0 || digits == "none" {
		return
	}
	for i := range tiles {
		if tiles[i].Kind == contact.MenuStep {
			tiles[i].Choice = digits
		}
	}
}
