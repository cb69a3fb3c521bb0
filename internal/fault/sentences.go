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
	DurationUnbounded   Reason = "duration.unbounded"
	DurationNegative    Reason = "duration.negative"
	DurationReversed    Reason = "duration.reversed"
	DurationOutOfRange  Reason = "duration.out_of_range"
	TimeZoneUnknown     Reason = "time_zone.unknown"
	AddressMalformed    Reason = "address.malformed"
	IDMalformed         Reason = "id.malformed"
	IDOfAnotherKind     Reason = "id.of_another_kind"
	IDUnknown           Reason = "id.unknown"
	TextMalformed       Reason = "text.malformed"
	TextTooLong         Reason = "text.too_long"
	TextEmpty           Reason = "text.empty"
	ListTooLong         Reason = "list.too_long"
	GroupingImpossible  Reason = "grouping.impossible"
	GroupsTooFine       Reason = "groups.too_fine"
	GroupsTooMany       Reason = "groups.too_many"
	GroupingsTooMany    Reason = "groupings.too_many"
	ValueUnknown        Reason = "value.unknown"
	NumberOutOfRange    Reason = "number.out_of_range"
	ExpiryPast          Reason = "expiry.past"
	ColumnTwice         Reason = "column.twice"
	ColumnUnknown       Reason = "column.unknown"
	CursorMalformed     Reason = "cursor.malformed"
	CursorElsewhere     Reason = "cursor.elsewhere"
	PageNegative        Reason = "page.negative"
	PageTooLarge        Reason = "page.too_large"
	PageBothEnds        Reason = "page.both_ends"
	PageMixed           Reason = "page.mixed"
	RevisionTooLow      Reason = "contact.revision_too_low"
	ContactFaulty       Reason = "contact.faulty"
	MonthsTooMany       Reason = "contact.months_too_many"
	ThingsTooMany       Reason = "contact.things_too_many"
	ThingsTooManyToday  Reason = "contact.things_too_many_today"
	NothingThere        Reason = "nothing_there"
	FileNotReady        Reason = "file.not_ready"
	FileFailed          Reason = "file.failed"
	FileGone            Reason = "file.gone"
	FileUnreadable      Reason = "file.unreadable"
	FileTooLong         Reason = "file.too_long"
	FilesOfPerson       Reason = "files.of_person"
	FilesQueued         Reason = "files.queued"
	OrderDiffers        Reason = "order.differs"
	FileFinished        Reason = "file.finished"
	LinkStale           Reason = "link.stale"
	RecordingLinkStale  Reason = "recording.link_stale"
	RecordingGone       Reason = "recording.gone"
	RecordingUnreadable Reason = "recording.unreadable"
	RecordingEmpty      Reason = "recording.empty"
	RecordingBroken     Reason = "recording.broken"
	RecordingUnplayable Reason = "recording.unplayable"
	FileBeyondRights    Reason = "file.beyond_rights"
	RightsWithdrawn     Reason = "rights.withdrawn"
	NoRoom              Reason = "no_room"
	CredentialsMissing  Reason = "credentials.missing"
	CredentialsWrong    Reason = "credentials.wrong"
	CredentialsExpired  Reason = "credentials.expired"
	KeyMistyped         Reason = "key.mistyped"
	KeyRevoked          Reason = "key.revoked"
	ScopeMissing        Reason = "scope.missing"
	GrantExceeded       Reason = "grant.exceeded"
	ReachRestricted     Reason = "reach_restricted"
	WriteRestricted     Reason = "scope.write_restricted"
	RateExceeded        Reason = "rate.exceeded"
	WrongKeysExceeded   Reason = "rate.wrong_keys"
	BodyTooLarge        Reason = "body.too_large"
	DocumentTooLarge    Reason = "document.too_large"
	DocumentTooComplex  Reason = "document.too_complex"
	OperationTooCostly  Reason = "operation.costly"
	AnswerTooLarge      Reason = "answer.too_large"
	IntrospectionOff    Reason = "introspection.off"
	RequestMalformed    Reason = "request.malformed"
	MediaTypeNotOffered Reason = "request.media_type"
	MethodNotAllowed    Reason = "request.method"
	SubscriptionAsJSON  Reason = "subscription.as_json"
	SubprotocolUnknown  Reason = "socket.subprotocol"
	OriginForeign       Reason = "socket.origin"
	StreamsExceeded     Reason = "streams.exceeded"
	ServerStarting      Reason = "server_starting"
	ServerStopping      Reason = "server_stopping"
	DocumentUnreadable  Reason = "document.unreadable"
	DocumentInvalid     Reason = "document.invalid"
	TookTooLong         Reason = "took_too_long"
	DatabaseAway        Reason = "database_away"
	DatabaseFull        Reason = "database_full"
	SignInAway          Reason = "sign_in_away"
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
	DurationUnbounded:   {InvalidDuration, "Give at least one bound of the duration: atLeast or atMost.", "Podaj choć jedną granicę czasu trwania: atLeast albo atMost."},
	DurationNegative:    {InvalidDuration, "A duration is no less than 0 seconds.", "Czas trwania nie może być krótszy niż 0 sekund."},
	DurationReversed:    {InvalidDuration, "The bounds of the duration are reversed: atLeast must not be more than atMost.", "Granice czasu trwania są odwrócone: atLeast nie może być większe niż atMost."},
	DurationOutOfRange:  {InvalidDuration, "This must be a whole number from %d to %d.", "To musi być liczba całkowita od %d do %d."},
	TimeZoneUnknown:     {InvalidTimeZone, "This is not an IANA time zone name, such as Europe/Warsaw.", "To nie jest nazwa strefy czasowej IANA, na przykład Europe/Warsaw."},
	AddressMalformed:    {InvalidAddress, "An address may not be blank, longer than 320 characters, or hold control characters.", "Adres nie może być pusty, dłuższy niż 320 znaków ani zawierać znaków sterujących."},
	IDMalformed:         {InvalidID, "This is not an id that this API gave out.", "To nie jest identyfikator wydany przez to API."},
	IDOfAnotherKind:     {InvalidID, "This is the id of another kind of thing (%s); expected is the id of: %s.", "To jest identyfikator rzeczy innego rodzaju (%s); oczekiwany jest identyfikator rodzaju: %s."},
	IDUnknown:           {UnknownID, "Nothing has this id.", "Nic nie ma takiego identyfikatora."},
	TextMalformed:       {InvalidText, "The text holds a NUL byte or is not valid UTF-8.", "Tekst zawiera bajt NUL albo nie jest poprawnym UTF-8."},
	TextTooLong:         {InvalidText, "The text is longer than %d characters.", "Tekst jest dłuższy niż %d znaków."},
	TextEmpty:           {InvalidText, "The text is empty.", "Tekst jest pusty."},
	ListTooLong:         {InvalidFilter, "The list has more than %d values.", "Lista ma więcej niż %d wartości."},
	ValueUnknown:        {InvalidFilter, "This is not one of the possible values.", "To nie jest żadna z możliwych wartości."},
	NumberOutOfRange:    {InvalidFilter, "This is not a number from %d to %d.", "To nie jest liczba od %d do %d."},
	GroupingImpossible:  {InvalidGrouping, "Group by 1 to %d different dimensions, of which at most one is HOUR, DAY, WEEK or MONTH.", "Grupuj według od 1 do %d różnych wymiarów, z których najwyżej jeden to HOUR, DAY, WEEK lub MONTH."},
	GroupsTooFine:       {LimitExceeded, "At most %d days can be grouped by HOUR. Ask for a shorter period, or group by DAY or HOUR_OF_DAY.", "Według HOUR można grupować najwyżej %d dni. Zapytaj o krótszy okres albo grupuj według DAY lub HOUR_OF_DAY."},
	GroupsTooMany:       {LimitExceeded, "There would be more than %d groups. Ask for a shorter period or fewer dimensions.", "Grup byłoby więcej niż %d. Zapytaj o krótszy okres albo mniej wymiarów."},
	GroupingsTooMany:    {LimitExceeded, "At most %d groupings and facets can be asked for at once. Ask for the others by themselves.", "Naraz można poprosić najwyżej o %d grupowań. O pozostałe zapytaj osobno."},
	ExpiryPast:          {InvalidPeriod, "This moment has already passed.", "Ta chwila już minęła."},
	ColumnTwice:         {InvalidColumns, "The column is named a second time: name each once.", "Kolumnę podano drugi raz: podaj każdą raz."},
	ColumnUnknown:       {InvalidColumns, "There is no such column.", "Nie ma takiej kolumny."},
	CursorMalformed:     {InvalidCursor, "This is not a cursor that this API gave out.", "To nie jest kursor wydany przez to API."},
	CursorElsewhere:     {InvalidCursor, "This cursor belongs to another filter or another order: start again from the first page.", "Ten kursor należy do innego filtra albo innej kolejności: zacznij od pierwszej strony."},
	PageNegative:        {InvalidPage, "The number of rows must not be negative.", "Liczba wierszy nie może być ujemna."},
	PageTooLarge:        {InvalidPage, "At most %d rows can be asked for at once.", "Naraz można poprosić najwyżej o %d wierszy."},
	PageBothEnds:        {InvalidPage, "Give either first or last, not both.", "Podaj albo first, albo last, nie oba naraz."},
	PageMixed:           {InvalidPage, "Use after with first, and before with last.", "Używaj after razem z first, a before razem z last."},
	MonthsTooMany:       {InvalidContact, "These contacts begin %d months in which there is none yet, and one request may begin %d: look at their starts, or send them in parts.", "Te kontakty zaczynają %d miesięcy, w których nie ma jeszcze żadnego, a jedno żądanie może zacząć %d: sprawdź ich początki albo wyślij je częściami."},
	ThingsTooMany:       {InvalidContact, "These contacts name %d agents, campaigns, queues, classifiers and forms that are not known yet, and one request may make %d: look at their keys, or send them in parts.", "Te kontakty wskazują nieznanych jeszcze agentów, kampanii, kolejek, klasyfikatorów i formularzy: %d, a jedno żądanie może utworzyć najwyżej %d: sprawdź ich klucze albo wyślij je częściami."},
	ThingsTooManyToday:  {InvalidContact, "These contacts name %d keys in %s that are not known yet, %d were made through the API today, and at most %d are made on a day: look at the keys, import the contacts, or have the operator raise --new-things-a-day.", "Te kontakty wskazują nieznanych jeszcze kluczy: %d w polu %s, dziś przez API powstało ich już %d, a dziennie powstaje najwyżej %d: sprawdź klucze, zaimportuj kontakty albo poproś operatora o podniesienie --new-things-a-day."},
	RevisionTooLow:      {InvalidContact, "A revision is %d or higher.", "Rewizja to %d lub więcej."},
	ContactFaulty:       {InvalidContact, "Contact %d cannot be recorded: %s.", "Nie można zapisać kontaktu %d: %s."},
	NothingThere:        {NotFound, "There is nothing here.", "Tu niczego nie ma."},
	FileNotReady:        {NotReady, "The file is not ready yet: its state in downloads says when it is.", "Plik nie jest jeszcze gotowy: jego stan widać w plikach do pobrania."},
	FileFailed:          {Internal, "The file could not be made. Order it again; if it fails again, tell the administrator its id.", "Nie udało się przygotować pliku. Zamów go ponownie, a jeśli to się powtórzy, podaj administratorowi jego identyfikator."},
	FileGone:            {NotFound, "The file is no longer kept. Order it again.", "Plik nie jest już przechowywany. Zamów go ponownie."},
	FileUnreadable:      {Unavailable, "The file cannot be read now. Try again in a moment.", "Pliku nie można teraz odczytać. Spróbuj za chwilę."},
	FileTooLong:         {TooManyContacts, "The filter finds %d contacts, and a file holds at most %d. Order shorter periods as files of their own.", "Filtr obejmuje %d kontaktów, a plik mieści najwyżej %d. Zamów krótsze okresy jako osobne pliki."},
	FilesOfPerson:       {TooManyDownloads, "You already have %d files that are not finished. Wait for one, or cancel it.", "Liczba Twoich nieukończonych plików: %d. Poczekaj na jeden z nich albo go anuluj."},
	FilesQueued:         {TooManyDownloads, "Already %d files wait to be made. Try again in a few minutes.", "W kolejce czeka już %d plików. Spróbuj za kilka minut."},
	OrderDiffers:        {OrderConflict, "This clientMutationId already names an order with another filter, kind or locale. Use a new one.", "Ten clientMutationId oznacza już zamówienie z innym filtrem, rodzajem lub językiem. Użyj nowego."},
	FileFinished:        {CannotCancel, "The file is no longer being made, so there is nothing to cancel.", "Plik nie jest już przygotowywany, więc nie ma czego anulować."},
	LinkStale:           {LinkInvalid, "This address has expired or was changed. Ask for the download again: its url is good for %d minutes.", "Ten adres stracił ważność albo został zmieniony. Pobierz dane pliku ponownie: jego url jest ważny %d minut."},
	RecordingLinkStale:  {LinkInvalid, "This address has expired or was changed. Ask for the contact again: the url of its file is good for %d minutes.", "Ten adres stracił ważność albo został zmieniony. Pobierz kontakt ponownie: url jego pliku jest ważny %d minut."},
	RecordingGone:       {NotFound, "The file is not where it should be: it was moved or removed.", "Pliku nie ma tam, gdzie powinien być: został przeniesiony albo usunięty."},
	RecordingUnreadable: {Unavailable, "The place where the file is kept does not answer now. Try again in a moment.", "Miejsce, w którym leży plik, teraz nie odpowiada. Spróbuj za chwilę."},
	RecordingEmpty:      {NotFound, "The file is empty: nothing was recorded.", "Plik jest pusty: nic się nie nagrało."},
	RecordingBroken:     {NotFound, "The file is damaged and cannot be played; it can be fetched as it is.", "Plik jest uszkodzony i nie da się go odtworzyć; można go pobrać takim, jaki jest."},
	RecordingUnplayable: {NotFound, "The sound is of a kind that cannot be played here; the file can be fetched.", "Dźwięku tego rodzaju nie da się tu odtworzyć; plik można pobrać."},
	FileBeyondRights:    {Forbidden, "The file holds more than you, or whoever ordered it, may see now. Order a new one to get what you may see.", "Plik zawiera więcej, niż wolno teraz oglądać Tobie lub osobie, która go zamówiła. Zamów nowy, aby dostać to, co możesz oglądać."},
	RightsWithdrawn:     {Forbidden, "The file was called off: whoever ordered it may no longer export these contacts. Ask the administrator for the right to, then order it again.", "Plik został anulowany: osoba, która go zamówiła, nie może już eksportować tych kontaktów. Poproś administratora o uprawnienia i zamów plik ponownie."},
	NoRoom:              {StorageFull, "There is no room to keep the file. Tell the administrator; order it again when there is room.", "Nie ma miejsca na zapisanie pliku. Powiadom administratora i zamów plik ponownie, gdy będzie miejsce."},
	CredentialsMissing:  {Unauthenticated, "Say who you are: send an API key or a sign-in token as Authorization: Bearer.", "Przedstaw się: wyślij klucz API albo token logowania w nagłówku Authorization: Bearer."},
	CredentialsWrong:    {Unauthenticated, "This key or token is not accepted. Ask the administrator for another one, or sign in again.", "Ten klucz lub token nie jest przyjmowany. Poproś administratora o inny albo zaloguj się ponownie."},
	CredentialsExpired:  {Unauthenticated, "This key or token has expired. Ask the administrator for another one, or sign in again.", "Ten klucz lub token stracił ważność. Poproś administratora o inny albo zaloguj się ponownie."},
	KeyMistyped:         {Unauthenticated, "This API key was not copied whole: it begins with kky_ and has %d characters.", "Ten klucz API nie został skopiowany w całości: zaczyna się od kky_ i ma %d znaków."},
	KeyRevoked:          {Unauthenticated, "This API key was revoked. Ask the administrator for another one.", "Ten klucz API został unieważniony. Poproś administratora o inny."},
	ScopeMissing:        {Forbidden, "This needs the scope %s, which you do not have. Ask the administrator for it.", "Do tego potrzebne jest uprawnienie %s, którego nie masz. Poproś o nie administratora."},
	GrantExceeded:       {Forbidden, "You can give others only contacts that you may see yourself.", "Możesz udostępnić innym tylko te kontakty, które sam możesz oglądać."},
	ReachRestricted:     {Forbidden, "This is for those alone to whom every contact is shown. Ask the administrator for it.", "To mogą tylko osoby, które widzą wszystkie kontakty. Poproś o to administratora."},
	WriteRestricted:     {Forbidden, "The scope %s goes with unrestricted grants alone: whoever records contacts replaces and renames what others see.", "Uprawnienie %s można dać tylko razem z dostępem do wszystkich kontaktów: kto zapisuje kontakty, zastępuje i przemianowuje to, co widzą inni."},
	RateExceeded:        {RateLimited, "Too much was asked for in a short time. Try again in %d s.", "Zbyt wiele zapytań w krótkim czasie. Spróbuj ponownie za %d s."},
	WrongKeysExceeded:   {RateLimited, "Too many wrong keys came from your address. Try again in %d s.", "Z Twojego adresu przyszło zbyt wiele błędnych kluczy. Spróbuj ponownie za %d s."},
	BodyTooLarge:        {LimitExceeded, "The request is larger than %d bytes.", "Żądanie jest większe niż %d bajtów."},
	DocumentTooLarge:    {LimitExceeded, "The GraphQL document is longer than %d bytes.", "Dokument GraphQL jest dłuższy niż %d bajtów."},
	DocumentTooComplex:  {LimitExceeded, "The GraphQL document is too complex: more than %d %s.", "Dokument GraphQL jest zbyt złożony: więcej niż %d (%s)."},
	OperationTooCostly:  {LimitExceeded, "This asks for %d units at once, and at most %d are allowed. Ask for smaller pages or fewer fields.", "To zapytanie kosztuje %d jednostek, a dozwolone jest najwyżej %d. Poproś o mniejsze strony albo mniej pól."},
	AnswerTooLarge:      {LimitExceeded, "The answer would be larger than %d bytes. Ask for smaller pages or fewer fields.", "Odpowiedź byłaby większa niż %d bajtów. Poproś o mniejsze strony albo mniej pól."},
	IntrospectionOff:    {Forbidden, "The schema is not shown here. Read /schema.graphql, or ask the administrator.", "Schemat nie jest tu pokazywany. Zapytaj administratora."},
	RequestMalformed:    {BadRequest, "This is not a GraphQL request: send JSON with the key query.", "To nie jest żądanie GraphQL: wyślij JSON z kluczem query."},
	MediaTypeNotOffered: {BadRequest, "Send and accept application/json or application/graphql-response+json.", "Wysyłaj i przyjmuj application/json albo application/graphql-response+json."},
	MethodNotAllowed:    {BadRequest, "Use POST, or GET for queries.", "Użyj metody POST albo, dla zapytań, GET."},
	SubscriptionAsJSON:  {BadRequest, "A subscription has many answers: send Accept: text/event-stream, or use a WebSocket.", "Subskrypcja ma wiele odpowiedzi: wyślij Accept: text/event-stream albo użyj WebSocketu."},
	SubprotocolUnknown:  {BadRequest, "Open the WebSocket with version 13 and the subprotocol graphql-transport-ws.", "Otwórz WebSocket w wersji 13 z podprotokołem graphql-transport-ws."},
	OriginForeign:       {Forbidden, "Pages of this origin may not connect. Ask the administrator to allow the origin.", "Strony z tego adresu nie mogą się łączyć. Poproś administratora o dopuszczenie tego adresu."},
	StreamsExceeded:     {LimitExceeded, "No more than %d streams or operations can be open at once. End one, or try again later.", "Naraz może być otwartych najwyżej %d strumieni lub operacji. Zakończ jedną z nich albo spróbuj później."},
	ServerStarting:      {Unavailable, "The server is starting. Try again in a moment.", "Serwer się uruchamia. Spróbuj za chwilę."},
	ServerStopping:      {Unavailable, "The server is stopping. Try again in a moment.", "Serwer kończy pracę. Spróbuj za chwilę."},
	DocumentUnreadable:  {ParseFailed, "The GraphQL document is not well-formed: %s", "Dokument GraphQL jest niepoprawny składniowo: %s"},
	DocumentInvalid:     {ValidationFailed, "The request does not fit the schema: %s", "Żądanie nie pasuje do schematu: %s"},
	TookTooLong:         {Timeout, "The answer took too long. Ask for a shorter period or fewer columns.", "Odpowiedź trwała zbyt długo. Zapytaj o krótszy okres albo mniej kolumn."},
	DatabaseAway:        {Unavailable, "The server cannot reach its database now. Try again in a moment.", "Serwer nie może teraz połączyć się z bazą danych. Spróbuj za chwilę."},
	DatabaseFull:        {StorageFull, "The database has no room left. Tell the administrator; try again when there is room.", "W bazie danych nie ma już miejsca. Powiadom administratora i spróbuj ponownie, gdy będzie miejsce."},
	SignInAway:          {Unavailable, "The server cannot reach the sign-in service now. Try again in a moment.", "Serwer nie może teraz połączyć się z usługą logowania. Spróbuj za chwilę."},
	Defect:              {Internal, "Something failed on our side. Tell the administrator the request id: %s.", "Coś zawiodło po naszej stronie. Podaj administratorowi identyfikator żądania: %s."},
}
