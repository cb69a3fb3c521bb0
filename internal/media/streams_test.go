package media

import (
	"testing"
)

func TestStreams_LeaveRoomForOthers(t *testing.T) {
	t.Parallel()
	s := newStreams()
	var ends []func()
	for range streamsOfPrincipal {
		end, err := s.begin("anna")
		must(t, err)
		ends = append(ends, end)
	}
	if _, err := s.begin("anna"); err == nil {
		t.Error("one principal has more than its share")
	}
	end, err := s.begin("jan")
	must(t, err)
	end()
	ends[0]()
	if _, err := s.begin("anna"); err != nil {
		t.Error(err)
	}
}
