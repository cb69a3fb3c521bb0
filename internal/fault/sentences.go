package fault

// Reason names one sentence of the table below.
type Reason string

// The reasons, in the order of their codes.
const (
	PeriodMissing       Reason = "period.missing"
	PeriodAmbiguous     Reason = "period.ambiguous"
	DateMalformed       Reason = "date.malformed"
	PeriodReversed      Reason = "period.reversed"
	PeriodOverMonths    Reason = "period.over_months"
	TimeMalformed       Reason = "time.malformed"
	HoursEmpty          Reason = "hours.empty"
	TimeZoneUnknown     Reason = "time_zone.unknown"
	AddressMalformed    Reason = "address.malformed"
	IDMalformed         Reason = "id.malformed"
	IDOfAnotherKind     Reason = "id.of_another_kind"
	IDUnknown           Reason = "id.unknown"
	TextMalformed       Reason = "text.malformed"
	TextTooLong         Reason = "text.too_long"
	TextEmpty           Reason = "text.empty"
	ListTooLong         Reason = "list.too_long"
	ValueUnknown        Reason = "value.unknown"
	CursorMalformed     Reason = "cursor.malformed"
	CursorElsewhere     Reason = "cursor.elsewhere"
	PageNegative        Reason = "page.negative"
	PageTooLarge        Reason = "page.too_large"
	PageBothEnds        Reason = "page.both_ends"
	PageMixed           Reason = "page.mixed"
	ContactFaulty       Reason = "contact.faulty"
	NothingThere        Reason = "nothing_there"
	FileNotReady        Reason = "file.not_ready"
	FileFailed          Reason = "file.failed"
	FileGone            Reason = "file.gone"
	FileUnreadable      Reason = "file.unreadable"
	BodyTooLarge        Reason = "body.too_large"
	DocumentTooLarge    Reason = "document.too_large"
	DocumentTooComplex  Reason = "document.too_complex"
	RequestMalformed    Reason = "request.malformed"
	MediaTypeNotOffered Reason = "request.media_type"
	MethodNotAllowed    Reason = "request.method"
	DocumentUnreadable  Reason = "document.unreadable"
	DocumentInvalid     Reason = "document.invalid"
	TookTooLong         Reason = "took_too_long"
	DatabaseAway        Reason = "database_away"
	Defect              Reason = "defect"
)

type sentence struct {
	code   Code
	en, pl string
}

// sentences is the one table of what users read. Both sentences of a row take the same arguments in the same order.
var sentences = map[Reason]sentence{
	PeriodMissing:       {InvalidPeriod, "Say which period: a preset or a range of dates.", "Podaj okres: gotowy (preset) albo zakres dat (range)."},
	PeriodAmbiguous:     {InvalidPeriod, "Give either a preset or a range of dates, not both.", "Podaj albo gotowy okres (preset), albo zakres dat (range), nie oba naraz."},
	DateMalformed:       {InvalidPeriod, "This is not a calendar date between 1900-01-01 and 2999-12-31, such as 2024-03-31.", "To nie jest data z przedziału od 1900-01-01 do 2999-12-31, na przykład 2024-03-31."},
	PeriodReversed:      {InvalidPeriod, "The period ends before it begins: from must not be later than to.", "Okres kończy się, zanim się zacznie: data od nie może być późniejsza niż data do."},
	PeriodOverMonths:    {PeriodTooLong, "The period is longer than %d calendar months; from this day the last possible day is %s.", "Okres jest dłuższy niż %d miesiące kalendarzowe; od tego dnia ostatni możliwy dzień to %s."},
	TimeMalformed:       {InvalidHours, "This is not a time of day between 00:00 and 23:59, such as 08:30.", "To nie jest godzina od 00:00 do 23:59, na przykład 08:30."},
	HoursEmpty:          {InvalidHours, "The window of hours is empty: from and to are the same.", "Przedział godzin jest pusty: godzina od i godzina do są takie same."},
	TimeZoneUnknown:     {InvalidTimeZone, "This is not an IANA time zone name, such as Europe/Warsaw.", "To nie jest nazwa strefy czasowej IANA, na przykład Europe/Warsaw."},
	AddressMalformed:    {InvalidAddress, "This is neither a phone number nor an e-mail address.", "To nie jest ani numer telefonu, ani adres e-mail."},
	IDMalformed:         {InvalidID, "This is not an id that this API gave out.", "To nie jest identyfikator wydany przez to API."},
	IDOfAnotherKind:     {InvalidID, "This is the id of another kind of thing (%s); expected is the id of: %s.", "To jest identyfikator rzeczy innego rodzaju (%s); oczekiwany jest identyfikator rodzaju: %s."},
	IDUnknown:           {UnknownID, "Nothing has this id.", "Nic nie ma takiego identyfikatora."},
	TextMalformed:       {InvalidText, "The text holds a NUL byte or is not valid UTF-8.", "Tekst zawiera bajt NUL albo nie jest poprawnym UTF-8."},
	TextTooLong:         {InvalidText, "The text is longer than %d characters.", "Tekst jest dłuższy niż %d znaków."},
	TextEmpty:           {InvalidText, "The text is empty.", "Tekst jest pusty."},
	ListTooLong:         {InvalidFilter, "The list has more than %d values.", "Lista ma więcej niż %d wartości."},
	ValueUnknown:        {InvalidFilter, "This is not one of the possible values.", "To nie jest żadna z możliwych wartości."},
	CursorMalformed:     {InvalidCursor, "This is not a cursor that this API gave out.", "To nie jest kursor wydany przez to API."},
	CursorElsewhere:     {InvalidCursor, "This cursor belongs to another filter or another order: start again from the first page.", "Ten kursor należy do innego filtra albo innej kolejności: zacznij od pierwszej strony."},
	PageNegative:        {InvalidPage, "The number of rows must not be negative.", "Liczba wierszy nie może być ujemna."},
	PageTooLarge:        {InvalidPage, "At most %d rows can be asked for at once.", "Naraz można poprosić najwyżej o %d wierszy."},
	PageBothEnds:        {InvalidPage, "Give either first or last, not both.", "Podaj albo first, albo last, nie oba naraz."},
	PageMixed:           {InvalidPage, "Use after with first, and before with last.", "Używaj after razem z first, a before razem z last."},
	ContactFaulty:       {InvalidContact, "Contact %d cannot be recorded: %s.", "Nie można zapisać kontaktu %d: %s."},
	NothingThere:        {NotFound, "There is nothing here.", "Tu niczego nie ma."},
	FileNotReady:        {NotReady, "The file is not ready yet: its state in downloads says when it is.", "Plik nie jest jeszcze gotowy: jego stan widać w plikach do pobrania."},
	FileFailed:          {Internal, "The file could not be made. Order it again; if it fails again, tell the administrator its id.", "Nie udało się przygotować pliku. Zamów go ponownie, a jeśli to się powtórzy, podaj administratorowi jego identyfikator."},
	FileGone:            {NotFound, "The file is no longer kept. Order it again.", "Plik nie jest już przechowywany. Zamów go ponownie."},
	FileUnreadable:      {Unavailable, "The file cannot be read now. Try again in a moment.", "Pliku nie można teraz odczytać. Spróbuj za chwilę."},
	BodyTooLarge:        {LimitExceeded, "The request is larger than %d bytes.", "Żądanie jest większe niż %d bajtów."},
	DocumentTooLarge:    {LimitExceeded, "The GraphQL document is longer than %d bytes.", "Dokument GraphQL jest dłuższy niż %d bajtów."},
	DocumentTooComplex:  {LimitExceeded, "The GraphQL document is too complex: more than %d %s.", "Dokument GraphQL jest zbyt złożony: więcej niż %d (%s)."},
	RequestMalformed:    {BadRequest, "This is not a GraphQL request: send JSON with the key query.", "To nie jest żądanie GraphQL: wyślij JSON z kluczem query."},
	MediaTypeNotOffered: {BadRequest, "Send and accept application/json or application/graphql-response+json.", "Wysyłaj i przyjmuj application/json albo application/graphql-response+json."},
	MethodNotAllowed:    {BadRequest, "Use POST, or GET for queries.", "Użyj metody POST albo, dla zapytań, GET."},
	DocumentUnreadable:  {ParseFailed, "The GraphQL document is not well-formed: %s", "Dokument GraphQL jest niepoprawny składniowo: %s"},
	DocumentInvalid:     {ValidationFailed, "The request does not fit the schema: %s", "Żądanie nie pasuje do schematu: %s"},
	TookTooLong:         {Timeout, "The answer took too long. Ask for a shorter period or fewer columns.", "Odpowiedź trwała zbyt długo. Zapytaj o krótszy okres albo mniej kolumn."},
	DatabaseAway:        {Unavailable, "The server cannot reach its database now. Try again in a moment.", "Serwer nie może teraz połączyć się z bazą danych. Spróbuj za chwilę."},
	Defect:              {Internal, "Something failed on our side. Tell the administrator the request id: %s.", "Coś zawiodło po naszej stronie. Podaj administratorowi identyfikator żądania: %s."},
}
