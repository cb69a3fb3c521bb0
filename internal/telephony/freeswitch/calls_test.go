package freeswitch_test

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// queueLegs is a call to a queue that rings three agents; it is answered by 201, by the legs of all.
func queueLegs() []*played {
	member := func(uuid, endpoint, cause string, answered bool) *played {
		leg := &played{
			uuid: uuid, direction: "outbound", at: map[string]int64{"start": 4, "end": 9},
			vars:   map[string]string{"cc_member_session_uuid": "u1", "dialed_user": endpoint, "hangup_cause": cause, "cc_side": "agent"},
			places: []place{{at: 4, caller: "48501723894", destination: endpoint, context: "default"}},
		}
		if answered {
			leg.at["answer"], leg.at["bridge"], leg.at["end"] = 9, 9, 20
			leg.vars["sip_hangup_disposition"] = "send_bye"
		}
		return leg
	}
	return []*played{
		{
			uuid: "u1", direction: "inbound", at: map[string]int64{"start": 0, "answer": 1, "end": 20, "cc_queue_joined": 4, "cc_queue_answered": 9, "cc_queue_terminated": 20},
			vars: map[string]string{
				"cc_queue": "600@example", "cc_agent": "201", "cc_agent_bridged": "true", "digits_dialed": "1", "sip_hangup_disposition": "recv_bye",
				"hangup_cause": "NORMAL_CLEARING", "ticket": "T-7",
			},
			places: []place{
				{at: 0, caller: "48501723894", destination: "48221000101", context: "public", transferred: 1},
				{at: 1, caller: "48501723894", destination: "5000", context: "example", transferred: 4},
				{at: 4, caller: "48501723894", destination: "600", context: "example", hung: 20},
			},
		},
		member("u2", "202", "LOSE_RACE", false), member("u3", "201", "NORMAL_CLEARING", true),
	}
}

// example is a call that is played, and what it comes to.
type example struct {
	name string
	legs []*played
	want []string
}

func examples() []example {
	answered := "u1 CAMPAIGN_INBOUND_CALL ANSWERED +0 48501723894>48221000101 campaign=PS agent=anna queue=q600 ivr=3 talk=11 CUSTOMER ticket=T-7" +
		" | MENU Menu główne 1 +1..+4 | QUEUE Infolinia - +4..+9 | AGENT Anna Nowak - +9..+20"
	canceled := queueLegs()[:1]
	canceled[0].vars["cc_agent_bridged"], canceled[0].vars["cc_cause"], canceled[0].vars["cc_cancel_reason"] = "", "cancel", "TIMEOUT"
	canceled[0].vars["sip_hangup_disposition"] = "send_bye"
	delete(canceled[0].at, "cc_queue_answered")
	delete(canceled[0].at, "cc_queue_terminated")
	canceled[0].at["cc_queue_canceled"] = 20
	return []example{
		{"21 a ring-all queue", queueLegs(), []string{answered}},
		{"a queue without the legs of its members", queueLegs()[:1], []string{answered}},
		{"a queue that gives up", canceled, []string{
			"u1 CAMPAIGN_INBOUND_CALL ANSWERED +0 48501723894>48221000101 campaign=PS queue=q600 ivr=3 SYSTEM ticket=T-7 | MENU Menu główne 1 +1..+4 | QUEUE Infolinia - +4..+20",
		}},
		{"a direct call, handed over to a colleague", transferLegs("202", "202"), []string{
			"u1 INBOUND_CALL ANSWERED +0 48501723894>48221000109 agent=anna talk=8 hold=3 AGENT recording=/var/rec/u1.wav | AGENT Anna Nowak - +5..+13 | TRANSFER 202 - +13..+30",
			"u1/tu2 INBOUND_CALL ANSWERED +13 48501723894>202 agent=202 talk=14 AGENT | AGENT Jan Kowalski - +16..+30",
		}},
		{"a direct call, handed over to the outside", transferLegs("0501999888", ""), []string{
			"u1 INBOUND_CALL ANSWERED +0 48501723894>48221000109 agent=anna talk=8 hold=3 AGENT recording=/var/rec/u1.wav | AGENT Anna Nowak - +5..+13 | TRANSFER 0501999888 - +13..+30",
			"u1/tu2 EXTERNAL_TRANSFER ANSWERED +13 201>0501999888 agent=anna talk=0 | TRANSFER 0501999888 - +16..+30",
		}},
		{"a direct call without the legs of those called", []*played{{
			uuid: "u1", direction: "inbound", at: map[string]int64{"start": 0, "answer": 5, "end": 30}, vars: map[string]string{"bridge_uuid": "u9", "sip_hangup_disposition": "send_bye", "hangup_cause": "NORMAL_CLEARING"},
			places: []place{{at: 0, caller: "48501723894", destination: "48221000109", context: "public", bridged: 5, hung: 30, called: map[string]string{"u8": "202", "u9": "201"}}},
		}}, []string{"u1 INBOUND_CALL ANSWERED +0 48501723894>48221000109 agent=anna talk=25 | AGENT Anna Nowak - +5..+30"}},
		{"a direct call that rings out", []*played{
			{
				uuid: "u1", direction: "inbound", at: map[string]int64{"start": 0, "end": 25}, vars: map[string]string{"sip_hangup_disposition": "recv_cancel", "hangup_cause": "ORIGINATOR_CANCEL"},
				places: []place{{at: 0, caller: "48501723894", destination: "48221000109", context: "public", hung: 25}},
			},
			{uuid: "u2", direction: "outbound", at: map[string]int64{"start": 1, "end": 10}, vars: map[string]string{"originating_leg_uuid": "u1", "dialed_user": "201", "hangup_cause": "USER_BUSY"}},
			{uuid: "u3", direction: "outbound", at: map[string]int64{"start": 1, "end": 25}, vars: map[string]string{"originating_leg_uuid": "u1", "dialed_user": "202", "hangup_cause": "ORIGINATOR_CANCEL"}},
		}, []string{"u1 INBOUND_CALL NO_ANSWER +0 48501723894>48221000109 CUSTOMER"}},
		{"a message for a voice mailbox", []*played{{
			uuid: "u1", direction: "inbound", at: map[string]int64{"start": 0, "answer": 15, "end": 21}, vars: map[string]string{"call_direction": "inbound", "sip_hangup_disposition": "recv_bye", "hangup_cause": "NORMAL_CLEARING"},
			places: []place{{at: 0, caller: "48501723894", destination: "48221000109", context: "public", hung: 21}}, apps: []string{"+0 bridge", "+15 voicemail"},
		}}, []string{"u1 INBOUND_CALL NO_ANSWER +0 48501723894>48221000109 ivr=6 CUSTOMER | VOICEMAIL Poczta głosowa - +15..+21"}},
		{"a message after a group was rung", []*played{
			{
				uuid: "u1", direction: "inbound", at: map[string]int64{"start": 0, "answer": 15, "end": 21}, vars: map[string]string{"call_direction": "inbound", "hangup_cause": "NORMAL_CLEARING"},
				places: []place{{at: 0, caller: "48501723894", destination: "48221000109", context: "public", hung: 21}},
			},
			{uuid: "u2", direction: "outbound", at: map[string]int64{"start": 1, "end": 14}, vars: map[string]string{"originating_leg_uuid": "u1", "dialed_user": "201", "hangup_cause": "LOSE_RACE"}},
		}, []string{"u1 INBOUND_CALL NO_ANSWER +0 48501723894>48221000109"}},
		{"a direct call, handed over into a queue", queueTransferLegs(), []string{
			"u1 INBOUND_CALL ANSWERED +0 48501723894>48221000109 agent=anna talk=8 AGENT | AGENT Anna Nowak - +5..+13 | TRANSFER 600 - +13..+30",
			"u1/tu2 CAMPAIGN_INBOUND_CALL ANSWERED +13 48501723894>600 campaign=PS agent=202 queue=q600 talk=10 CUSTOMER | QUEUE Infolinia - +13..+20 | AGENT Jan Kowalski - +20..+30",
		}},
		{"a direct call, handed over into a queue that gives up", queueTransferLegs()[:2], []string{
			"u1 INBOUND_CALL ANSWERED +0 48501723894>48221000109 agent=anna talk=8 AGENT | AGENT Anna Nowak - +5..+13 | TRANSFER 600 - +13..+30",
			"u1/tu2 CAMPAIGN_INBOUND_CALL ANSWERED +13 48501723894>600 campaign=PS queue=q600 CUSTOMER | QUEUE Infolinia - +13..+30",
		}},
		{"two menus", []*played{{
			uuid: "u1", direction: "inbound", at: map[string]int64{"start": 0, "answer": 0, "end": 9}, vars: map[string]string{"digits_dialed": "21", "sip_hangup_disposition": "recv_bye"},
			places: []place{
				{at: 0, caller: "48501723894", destination: "48221000101", context: "public", transferred: 1},
				{at: 1, destination: "5000", transferred: 3},
				{at: 3, destination: "5001", transferred: 5},
				{at: 5, destination: "5000", hung: 9},
			},
		}}, []string{"u1 CAMPAIGN_INBOUND_CALL ANSWERED +0 48501723894>48221000101 campaign=PS ivr=8 CUSTOMER | MENU Menu główne - +1..+3 | ANNOUNCEMENT Zapowiedź - +3..+5 | MENU Menu główne - +5..+9"}},
		{"outbound", []*played{
			{uuid: "u1", direction: "inbound", at: map[string]int64{"start": 0, "answer": 4, "end": 10}, vars: map[string]string{
				"user_name": "201", "call_direction": "outbound", "effective_caller_id_number": "48221000101", "sip_hangup_disposition": "send_bye", "hold_accum_seconds": "2",
			}, places: []place{{at: 0, caller: "201", destination: "0501723894", context: "example", hung: 10}}},
			{
				uuid: "u2", direction: "outbound", at: map[string]int64{"start": 1, "answer": 4, "bridge": 4, "end": 10}, vars: map[string]string{"originating_leg_uuid": "u1", "sip_hangup_disposition": "recv_bye"},
				places: []place{{at: 1, caller: "48221000101", destination: "0501723894"}},
			},
		}, []string{"u1 OUTBOUND_CALL ANSWERED +0 48221000101>0501723894 agent=anna ring=3 talk=6 hold=2 CUSTOMER"}},
		{"outbound, busy", []*played{
			{
				uuid: "u1", direction: "inbound", at: map[string]int64{"start": 0, "end": 2}, vars: map[string]string{"user_name": "201", "call_direction": "outbound", "hangup_cause": "USER_BUSY"},
				places: []place{{at: 0, caller: "201", destination: "0501723894", context: "example", hung: 2, called: map[string]string{"u9": "0501723894"}}},
			},
		}, []string{"u1 OUTBOUND_CALL BUSY +0 201>0501723894 agent=anna ring=2 talk=0"}},
		{"outbound to a wrong number", []*played{
			{
				uuid: "u1", direction: "inbound", at: map[string]int64{"start": 0, "end": 2}, vars: map[string]string{"user_name": "201", "call_direction": "outbound", "hangup_cause": "UNALLOCATED_NUMBER"},
				places: []place{{at: 0, caller: "201", destination: "0501723894", context: "example", hung: 2, called: map[string]string{"u9": "0501723894"}}},
			},
		}, []string{"u1 OUTBOUND_CALL FAILED +0 201>0501723894 agent=anna ring=2 talk=0 SYSTEM"}},
		{"between colleagues", []*played{
			{uuid: "u1", direction: "inbound", at: map[string]int64{"start": 0, "answer": 2, "end": 6}, vars: map[string]string{
				"user_name": "201", "call_direction": "local", "effective_caller_id_number": "48221000101", "sip_hangup_disposition": "recv_bye",
			}, places: []place{{at: 0, caller: "201", destination: "202", context: "example", hung: 6}}},
			{uuid: "u2", direction: "outbound", at: map[string]int64{"start": 0, "answer": 2, "bridge": 2, "end": 6}, vars: map[string]string{"originating_leg_uuid": "u1", "dialed_user": "202"}},
		}, []string{"u1 OUTBOUND_CALL ANSWERED +0 201>202 agent=anna ring=2 talk=4 AGENT"}},
		{"a feature code", []*played{{
			uuid: "u1", direction: "inbound", at: map[string]int64{"start": 0, "answer": 1, "end": 6}, vars: map[string]string{"user_name": "201"},
			places: []place{{at: 0, caller: "201", destination: "*97", context: "example", hung: 6}},
		}}, []string{"no contact: FEATURE_CODE"}},
		{"placed by the machine", []*played{
			{
				uuid: "u1", direction: "outbound", at: map[string]int64{"start": 0, "answer": 2, "end": 10}, vars: map[string]string{"dialed_user": "201", "sip_hangup_disposition": "send_bye"},
				places: []place{{at: 0, caller: "48221000101", destination: "201", context: "default"}},
			},
			{
				uuid: "u2", direction: "outbound", at: map[string]int64{"start": 2, "answer": 5, "bridge": 5, "end": 10}, vars: map[string]string{"originator": "u1", "sip_hangup_disposition": "recv_bye"},
				places: []place{{at: 2, destination: "0501723894"}},
			},
		}, []string{"u1 OUTBOUND_CALL ANSWERED +0 48221000101>0501723894 agent=anna ring=3 talk=5 CUSTOMER"}},
		{"placed by the machine, the agent away", []*played{{
			uuid: "u1", direction: "outbound", at: map[string]int64{"start": 0, "end": 30}, vars: map[string]string{"dialed_user": "201", "hangup_cause": "NO_ANSWER"},
			places: []place{{at: 0, caller: "48221000101", destination: "201"}},
		}}, []string{"no contact: AGENT_NOT_REACHED"}},
		{"placed by the machine to a client", []*played{{
			uuid: "u1", direction: "outbound", at: map[string]int64{"start": 0, "answer": 3, "end": 30}, places: []place{{at: 0, caller: "48221000101", destination: "0501723894", context: "default"}},
		}}, []string{"no contact: NO_AGENT"}},
		{"a survey by the machine", []*played{{
			uuid: "u1", direction: "outbound", at: map[string]int64{"start": 0, "answer": 3, "end": 30}, places: []place{{at: 0, caller: "48221000101", destination: "0501723894", context: "badanie"}},
		}}, []string{"u1 VOICE_MAILING_SURVEY ANSWERED +0 48221000101>0501723894"}},
	}
}

// queueTransferLegs is a direct call that 201 hands over into a queue, where 202 answers; without the leg of 202 nobody does.
func queueTransferLegs() []*played {
	main := &played{
		uuid: "u1", direction: "inbound", at: map[string]int64{"start": 0, "answer": 5, "end": 30, "cc_queue_joined": 13},
		vars: map[string]string{"cc_queue": "600@example", "sip_hangup_disposition": "recv_bye", "hangup_cause": "NORMAL_CLEARING"},
		places: []place{
			{at: 0, caller: "48501723894", destination: "48221000109", context: "public", bridged: 5, transferred: 13},
			{at: 13, caller: "48501723894", destination: "600", context: "example", hung: 30},
		},
	}
	return []*played{
		main,
		{uuid: "u2", direction: "outbound", at: map[string]int64{"start": 1, "answer": 5, "bridge": 5, "end": 13}, vars: map[string]string{
			"originating_leg_uuid": "u1", "dialed_user": "201", "hangup_cause": "BLIND_TRANSFER",
		}, places: []place{{at: 1, destination: "201"}}},
		{uuid: "u3", direction: "outbound", at: map[string]int64{"start": 14, "answer": 20, "bridge": 20, "end": 30}, vars: map[string]string{
			"cc_member_session_uuid": "u1", "dialed_user": "202", "hangup_cause": "NORMAL_CLEARING",
		}, places: []place{{at: 14, destination: "202"}}},
	}
}

// transferLegs is a direct call that 201 hands over.
func transferLegs(to, user string) []*played {
	return []*played{
		{uuid: "u1", direction: "inbound", at: map[string]int64{"start": 0, "answer": 5, "end": 30}, vars: map[string]string{
			"sip_hangup_disposition": "send_bye", "hangup_cause": "NORMAL_CLEARING", "record_path": "/var/rec", "record_name": "u1.wav", "bridge_uuid": "u3", "last_bridge_to": "u3",
		}, places: []place{
			{at: 0, caller: "48501723894", destination: "48221000109", context: "public", bridged: 5, transferred: 13},
			{at: 13, caller: "48501723894", destination: to, context: "example", bridged: 16, hung: 30},
		}},
		{uuid: "u2", direction: "outbound", at: map[string]int64{"start": 1, "answer": 5, "bridge": 5, "end": 13}, vars: map[string]string{
			"originating_leg_uuid": "u1", "dialed_user": "201", "hangup_cause": "BLIND_TRANSFER", "hold_accum_seconds": "3",
		}, places: []place{{at: 1, destination: "201"}}},
		{uuid: "u3", direction: "outbound", at: map[string]int64{"start": 13, "answer": 16, "bridge": 16, "end": 30}, vars: map[string]string{
			"originating_leg_uuid": "u1", "dialed_user": user, "hangup_cause": "NORMAL_CLEARING", "sip_hangup_disposition": "recv_bye",
		}, places: []place{{at: 13, destination: to}}},
	}
}

func TestMapper_ReadsTheExamples(t *testing.T) {
	t.Parallel()
	for _, one := range examples() {
		if got := briefs(t, exampleSource, rowsOf(t, one.legs...), later); !slices.Equal(got, one.want) {
			t.Errorf("%s: got\n%s\nwant\n%s", one.name, strings.Join(got, "\n"), strings.Join(one.want, "\n"))
		}
	}
}

func TestMapper_WaitsForTheLegThatCalled(t *testing.T) {
	t.Parallel()
	rows := rowsOf(t, queueLegs()...)
	soon := time.Unix(start+60, 0)
	if got := briefs(t, exampleSource, rows[2:], soon); !slices.Equal(got, []string{"open"}) {
		t.Errorf("the member's leg alone, soon: %q", got)
	}
	if got := briefs(t, exampleSource, rows[2:], later); len(got) != 1 || !strings.HasPrefix(got[0], "u3 INBOUND_CALL") {
		t.Errorf("the member's leg alone, later: %q", got)
	}
	if got := briefs(t, exampleSource, rows[:1], soon); len(got) != 1 || !strings.HasPrefix(got[0], "u1 CAMPAIGN_INBOUND_CALL ANSWERED") {
		t.Errorf("the main leg alone, soon: %q", got)
	}
}

// TestMapper_KnowsMembersOfAQueueByTheirTelephone reads a FusionPBX, which calls them by keys.
func TestMapper_KnowsMembersOfAQueueByTheirTelephone(t *testing.T) {
	t.Parallel()
	legs := queueLegs()
	legs[0].vars["cc_agent"] = "0b9a3f52-7d1c-4e0f-9a53-2f3f1c9d8e10"
	legs[0].vars["cc_agent_uuid"] = "u3"
	for _, some := range [][]*played{legs, legs[:1]} {
		legs[0].places[2].called = map[string]string{"u3": "201"}
		if got := briefs(t, exampleSource, rowsOf(t, some...), later); len(got) != 1 || !strings.Contains(got[0], " agent=anna ") {
			t.Errorf("of %d legs: %q", len(some), got)
		}
	}
}
