package played

import "fmt"

// Zone is where the exchanges stand.
const Zone = "Europe/Warsaw"

// SourceFile is the source file under which the contacts of the calls are what those who played them say; the database may be none.
func SourceFile(name, databaseURL string) string {
	if databaseURL != "" {
		databaseURL = fmt.Sprintf(`"databaseUrl": %q, `, databaseURL)
	}
	return fmt.Sprintf(`{"name": %q, "kind": "freepbx", %s"timeZone": %q, "internal": ["~^[0-9]{2,6}$"], "trunks": ["siptrunk"],
 "campaigns": [{"externalId": "PS", "name": "Infolinia", "numbers": ["48221000101", "48221000102"], "queues": ["600"]},
  {"externalId": "GI", "name": "Giełda", "numbers": ["48221000104"], "queues": ["601"]}],
 "queues": [{"externalId": "q600", "name": "Infolinia", "number": "600"}, {"externalId": "q601", "name": "Giełda", "number": "601"}],
 "steps": [{"context": "ivr-1", "kind": "MENU", "name": "Menu główne"}]}
`, name, databaseURL, Zone)
}
