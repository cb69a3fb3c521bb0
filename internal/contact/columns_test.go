package contact

import (
	"slices"
	"testing"
)

func TestColumns_AreNamedByTheTagsOfContact(t *testing.T) {
	t.Parallel()
	if got := (ColumnType | ColumnBCCAddresses).Names(); !slices.Equal(got, []string{"id", "started_at", "type", "bcc_addresses"}) {
		t.Errorf("%v", got)
	}
	if got := AllColumns.Names(); len(got) != len(contactTable.Columns) {
		t.Errorf("all columns are %v, the model has %d", got, len(contactTable.Columns))
	}
}

func TestColumns_StopAtTheStartForANameThatNoTagGives(t *testing.T) {
	t.Parallel()
	defer func() {
		if recover() == nil {
			t.Error("a column that does not exist was named")
		}
	}()
	columnNamed("score")
}

func TestOrder_SortsByTheColumnWhoseValueItReads(t *testing.T) {
	t.Parallel()
	seconds := []int{1, 2, 3, 4, 5, 6}
	c := &Contact{
		AgentTalkTime: &seconds[0], TalkTime: &seconds[1], RingTime: &seconds[2], QueueTime: &seconds[3], TimeToAnswer: &seconds[4], LostAfter: &seconds[5],
	}
	for field, want := range map[OrderField]struct {
		column string
		value  int64
	}{
		OrderByAgentTalkTime: {"agent_talk_time", 1}, OrderByTalkTime: {"talk_time", 2}, OrderByRingTime: {"ring_time", 3},
		OrderByQueueTime: {"queue_time", 4}, OrderByTimeToAnswer: {"time_to_answer", 5}, OrderByLostAfter: {"lost_after", 6},
	} {
		order := Order{Field: field, Direction: Ascending}
		if column, value := order.SortColumnName(), order.SortValue(c); column != want.column || value != want.value {
			t.Errorf("%s sorts by %s, %d; want %v", field, column, value, want)
		}
	}
}
