package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// recordedCalls is where the rows of calls lie that a real Asterisk wrote.
var recordedCalls = filepath.Join("..", "..", "internal", "telephony", "asterisk", "testdata", "recorded")

const telephonySource = `{"name": "pbx1", "kind": "freepbx", "trunks": ["~^siptrunk"],
 "campaigns": [{"externalId": "PS", "name": "Infolinia", "numbers": ["48221000101"], "queues": ["600"]}],
 "queues": [{"externalId": "q600", "name": "Infolinia", "number": "600"}]}`

func TestSources_TakeRecordsInAsTheyAreAndOnce(t *testing.T) {
	t.Parallel()
	directory := dataDir(t)
	source := writeFile(t, "pbx1.json", telephonySource)
	cel := filepath.Join(recordedCalls, "s01", "cel.csv")

	out := mustRun(t, "sources", "check", source, "--format", "asterisk-cel", cel)
	if !strings.Contains(out, "50 new") || !strings.Contains(out, "CAMPAIGN_INBOUND_CALL ANSWERED: 1") || !strings.Contains(out, "agent 202") {
		t.Errorf("check says\n%s", out)
	}
	first := mustRun(t, "import", "--data-dir", directory, "--source-file", source, "--format", "asterisk-cel", cel)
	if !strings.Contains(first, "50 rows: 50 new, 0 known; 1 calls: 1 contacts recorded, 0 replaced, 0 without a contact") {
		t.Errorf("the first import says %s", first)
	}
	second := mustRun(t, "import", "--data-dir", directory, "--source-file", source, "--format", "asterisk-cel", cel)
	if !strings.Contains(second, "50 rows: 0 new, 50 known; 0 calls: 0 contacts recorded") {
		t.Errorf("the second import says %s", second)
	}
	mustRun(t, "import", "--data-dir", directory, "--source-file", source, "--format", "asterisk-cdr", filepath.Join(recordedCalls, "s01", "cdr.csv"))
	out = mustRun(t, "sources", "list", "--data-dir", directory)
	if !strings.Contains(out, "pbx1") || !strings.Contains(out, "56") {
		t.Errorf("list says\n%s", out)
	}
	if err := os.WriteFile(source, []byte(strings.Replace(telephonySource, `"trunks"`, `"agents": [{"externalId": "jan", "name": "Jan", "endpoints": ["202"]}], "trunks"`, 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	out = mustRun(t, "sources", "remap", "pbx1", "--data-dir", directory, "--from", "2026-11-01", "--to", "2026-11-30")
	if !strings.Contains(out, "1 replaced") {
		t.Errorf("remap says %s", out)
	}
	if out = mustRun(t, "sources", "unmapped", "pbx1", "--data-dir", directory); out != "" {
		t.Errorf("unmapped says %s", out)
	}
}

func TestSources_TellBadLinesByTheirNumberAlone(t *testing.T) {
	t.Parallel()
	directory := dataDir(t)
	source := writeFile(t, "pbx1.json", telephonySource)
	content, err := os.ReadFile(filepath.Join(recordedCalls, "s02", "cel.csv"))
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.SplitAfter(string(content), "\n")
	file := writeFile(t, "cel.csv", lines[0]+`"CHAN_START","+48501723894"`+"\n"+strings.Join(lines[1:], ""))
	status, out, errs := command(t, nil, "import", "--data-dir", directory, "--source-file", source, "--format", "asterisk-cel", file)
	if status != statusSkipped || !strings.Contains(errs, "line 2: is not a row of this format") || !strings.Contains(out, "1 bad") {
		t.Errorf("status %d\n%s%s", status, out, errs)
	}
	if strings.Contains(errs+out, "501723894") {
		t.Errorf("a number is shown:\n%s%s", out, errs)
	}
	status, _, errs = command(t, nil, "import", "--data-dir", directory, "--source-file", source, "--format", "freeswitch", file)
	if status != statusWrong || !strings.Contains(errs, "--format") {
		t.Errorf("status %d: %s", status, errs)
	}
}

func TestSources_TakeADirectoryOfLegs(t *testing.T) {
	t.Parallel()
	directory, records := dataDir(t), t.TempDir()
	source := writeFile(t, "fs1.json", `{"name": "fs1", "kind": "freeswitch"}`)
	for name, content := range map[string]string{
		"a_u1.cdr.json": `{"channel_data": {"direction": "inbound"}, "variables": {"uuid": "u1", "call_direction": "inbound", "start_epoch": "1795816717",
			"answer_epoch": "1795816720", "end_epoch": "1795816737"}, "callflow": [{"caller_profile": {"caller_id_number": "+48501723894", "destination_number": "48221000109"}}]}`,
		"u2.cdr.xml": `<cdr><channel_data><direction>outbound</direction></channel_data><variables><uuid>u2</uuid><originating_leg_uuid>u1</originating_leg_uuid>
			<dialed_user>201</dialed_user><start_epoch>1795816718</start_epoch><answer_epoch>1795816720</answer_epoch><end_epoch>1795816737</end_epoch></variables></cdr>`,
		"broken.cdr.json": `{"variables": {"uuid": "+48501723894"`,
	} {
		if err := os.WriteFile(filepath.Join(records, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	out := mustRun(t, "sources", "check", source, "--format", "freeswitch", records)
	if !strings.Contains(out, "INBOUND_CALL ANSWERED: 1") || !strings.Contains(out, "agent 201") {
		t.Errorf("check says\n%s", out)
	}
	status, out, errs := command(t, nil, "import", "--data-dir", directory, "--source-file", source, "--format", "freeswitch", records)
	if status != statusSkipped || !strings.Contains(out, "3 rows: 2 new, 0 known, 1 bad; 1 calls: 1 contacts recorded") || !strings.Contains(errs, "broken.cdr.json: line 1: is no whole JSON object") {
		t.Errorf("status %d\n%s%s", status, out, errs)
	}
	if strings.Contains(out+errs, "501723894") {
		t.Errorf("a number is shown:\n%s%s", out, errs)
	}
}
