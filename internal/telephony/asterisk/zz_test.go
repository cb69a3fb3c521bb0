package asterisk_test
import ("testing";"github.com/kontakty/kontakty/internal/telephony";"github.com/kontakty/kontakty/internal/telephony/asterisk";"encoding/json";"fmt")
func TestShowLive(t *testing.T){
 mapper := asterisk.NewMapper(parseSource(t, recordedSource))
 for _,o:= range telephony.Map(mapper, callRows(t,"testdata/recorded/s22_live"), later.AddDate(0,0,-27)) {
  fmt.Println(o.Key,o.Reason,o.Open,o.Unfinished, o.Unknown)
  for _,c:=range o.Contacts { f:=flat(t,c); b,_:=json.Marshal(f); fmt.Println("   ",string(b)) }
 }
}
