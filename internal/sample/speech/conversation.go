package speech

import (
	"encoding/binary"
	"math/rand/v2"
)

// turn is one sentence of a talk: who says it, what, and when.
type turn struct {
	start   int64 // in samples
	channel int
	said    []int16
}

func (t *turn) end() int64 { return t.start + int64(len(t.said)) }

// mix writes what of the turn falls into a stretch that begins at a sample.
func (t *turn) mix(pcm []byte, first int64) {
	from, to := max(t.start, first), min(t.end(), first+int64(len(pcm)/sampleBytes))
	for at := from; at < to; at++ {
		binary.LittleEndian.PutUint16(pcm[(at-first)*sampleBytes+int64(2*t.channel):], uint16(t.said[at-t.start]))
	}
}

const (
	agentChannel  = 0
	clientChannel = 1
)

// Pauses, in tenths of a second: before an answer, and while something is looked for.
const (
	minPause, maxPause   = 2, 12
	minSearch, maxSearch = 25, 90
)

// speaker says the sentences of one side in an order of its own, again from the start when they are at their end.
type speaker struct {
	channel int
	voice   *voice
	order   []int
	said    int
}

func newSpeaker(channel int, of *voice, random *rand.Rand) *speaker {
	return &speaker{channel: channel, voice: of, order: random.Perm(len(of.talk))}
}

func (s *speaker) next() []int16 {
	sentence := s.voice.talk[s.order[s.said%len(s.order)]]
	s.said++
	return sentence
}

// converse makes a talk of so many samples: the agent greets, they take turns, and both take leave just before the end. A short
// one is cut where it ends.
func converse(seed uint64, samples int64) []turn {
	random := rand.New(rand.NewPCG(seed, 0))
	voices := spoken()
	agent := newSpeaker(agentChannel, &voices.agent, random)
	client := newSpeaker(clientChannel, &voices.clients[random.IntN(len(voices.clients))], random)
	farewell := []turn{
		{channel: agentChannel, said: oneOf(random, agent.voice.farewell)},
		{channel: clientChannel, said: oneOf(random, client.voice.farewell)},
	}
	leave := samples - pause(random)
	for i := len(farewell) - 1; i >= 0; i-- {
		farewell[i].start = leave - int64(len(farewell[i].said))
		leave = farewell[i].start - pause(random)
	}

	var turns []turn
	at, side := pause(random), agent
	said := oneOf(random, agent.voice.greeting)
	for at < samples {
		one := turn{start: at, channel: side.channel, said: said}
		if one.end() > leave && len(turns) > 0 {
			break
		}
		turns = append(turns, one)
		at = one.end() + pause(random)
		switch {
		case side == client:
			side = agent
		case random.IntN(12) > 0: // else the agent goes on after a search
			side = client
		default:
			at += between(random, minSearch, maxSearch)
		}
		said = side.next()
	}
	if last := turns[len(turns)-1].end(); last <= leave {
		turns = append(turns, farewell...)
	}
	return turns
}

func pause(random *rand.Rand) int64 { return between(random, minPause, maxPause) }

func between(random *rand.Rand, least, most int) int64 {
	return int64(least+random.IntN(most-least+1)) * rate / 10
}

func oneOf(random *rand.Rand, sentences [][]int16) []int16 {
	return sentences[random.IntN(len(sentences))]
}
