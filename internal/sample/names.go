package sample

// Word lists from which people and companies are put together.
var (
	womenNames = []string{
		"Agnieszka", "Anna", "Barbara", "Beata", "Bożena", "Celina", "Danuta", "Dorota", "Edyta", "Elżbieta",
		"Ewa", "Grażyna", "Halina", "Iwona", "Joanna", "Justyna", "Kamila", "Karolina", "Katarzyna", "Krystyna",
		"Łucja", "Magdalena", "Małgorzata", "Marta", "Monika", "Natalia", "Paulina", "Renata", "Sylwia", "Zofia",
	}
	menNames = []string{
		"Adam", "Andrzej", "Bartłomiej", "Bogusław", "Cezary", "Dariusz", "Dawid", "Grzegorz", "Jacek", "Jakub",
		"Jan", "Jarosław", "Józef", "Kamil", "Krzysztof", "Łukasz", "Maciej", "Marek", "Mateusz", "Michał",
		"Paweł", "Piotr", "Przemysław", "Rafał", "Sławomir", "Stanisław", "Tomasz", "Wiesław", "Wojciech", "Zbigniew",
	}
	// surnames hold a man's form and a woman's.
	surnames = [][2]string{
		{"Adamczyk", "Adamczyk"},
		{"Bąk", "Bąk"},
		{"Baran", "Baran"},
		{"Błaszczyk", "Błaszczyk"},
		{"Borkowski", "Borkowska"},
		{"Chmielewski", "Chmielewska"},
		{"Cieślak", "Cieślak"},
		{"Czarnecki", "Czarnecka"},
		{"Dąbrowski", "Dąbrowska"},
		{"Duda", "Duda"},
		{"Dziedzic", "Dziedzic"},
		{"Gajewski", "Gajewska"},
		{"Głowacki", "Głowacka"},
		{"Górski", "Górska"},
		{"Grabowski", "Grabowska"},
		{"Jabłoński", "Jabłońska"},
		{"Jankowski", "Jankowska"},
		{"Jaworski", "Jaworska"},
		{"Kaczmarek", "Kaczmarek"},
		{"Kamiński", "Kamińska"},
		{"Kołodziej", "Kołodziej"},
		{"Kowalczyk", "Kowalczyk"},
		{"Kowalski", "Kowalska"},
		{"Kozłowski", "Kozłowska"},
		{"Krawczyk", "Krawczyk"},
		{"Król", "Król"},
		{"Kubiak", "Kubiak"},
		{"Kwiatkowski", "Kwiatkowska"},
		{"Lewandowski", "Lewandowska"},
		{"Maciejewski", "Maciejewska"},
		{"Majewski", "Majewska"},
		{"Malinowski", "Malinowska"},
		{"Mazur", "Mazur"},
		{"Michalak", "Michalak"},
		{"Mróz", "Mróz"},
		{"Nowak", "Nowak"},
		{"Nowicki", "Nowicka"},
		{"Olszewski", "Olszewska"},
		{"Ostrowski", "Ostrowska"},
		{"Pawłowski", "Pawłowska"},
		{"Pietrzak", "Pietrzak"},
		{"Piotrowski", "Piotrowska"},
		{"Rutkowski", "Rutkowska"},
		{"Sadowski", "Sadowska"},
		{"Sikora", "Sikora"},
		{"Sokołowski", "Sokołowska"},
		{"Szczepański", "Szczepańska"},
		{"Szulc", "Szulc"},
		{"Szymański", "Szymańska"},
		{"Tomaszewski", "Tomaszewska"},
		{"Urbański", "Urbańska"},
		{"Walczak", "Walczak"},
		{"Wiśniewski", "Wiśniewska"},
		{"Włodarczyk", "Włodarczyk"},
		{"Wójcik", "Wójcik"},
		{"Wróbel", "Wróbel"},
		{"Wysocki", "Wysocka"},
		{"Zając", "Zając"},
		{"Zalewski", "Zalewska"},
		{"Zawadzki", "Zawadzka"},
		{"Zieliński", "Zielińska"},
		{"Żak", "Żak"},
		{"Żukowski", "Żukowska"},
	}
	companyKinds = []string{
		"Piekarnia", "Hurtownia", "Zakład Stolarski", "Biuro Rachunkowe", "Drukarnia", "Przychodnia", "Apteka",
		"Kwiaciarnia", "Warsztat", "Gospodarstwo", "Cukiernia", "Spedycja", "Szkółka Roślin", "Studio Wnętrz",
	}
	companyNames = []string{
		"Pod Lipą", "Słoneczna", "Złoty Kłos", "Północ", "Na Wzgórzu", "Jeżyna", "Błękitna", "Żółty Tulipan", "Źródło",
		"Ćma", "Trzy Dęby", "Zielony Gaj", "Przy Młynie", "Orzeł & Syn", "Wiśniowa", "Rzeka", "Świt", "Gołąb",
	}
	companyForms = []string{"sp. z o.o.", "s.c.", "sp. j.", "S.A.", "Sp.k."}
	cities       = []string{
		"Warszawa", "Kraków", "Łódź", "Wrocław", "Poznań", "Gdańsk", "Szczecin", "Bydgoszcz", "Lublin", "Białystok",
		"Rzeszów", "Olsztyn",
	}
)

// The names of what the call centre is made of. Where a large one needs more, regions follow.
var (
	regions = []string{"", " – Mazowsze", " – Śląsk", " – Pomorze", " – Małopolska"}

	groupNames    = []string{"Infolinia", "Druga linia", "Sprzedaż", "Windykacja", "Reklamacje", "Czat i e-mail"}
	campaignNames = []string{
		"Obsługa bieżąca", "Pomoc techniczna", "Sprzedaż – nowe umowy", "Reklamacje i zwroty", "Windykacja miękka",
		"Badanie satysfakcji", "Utrzymanie klienta", "Rezerwacje wizyt", "Klienci biznesowi", "Zgłoszenia szkód",
		"Powitanie nowych klientów", "Przypomnienia o płatności",
	}
	queueNames      = []string{"Sprawy ogólne", "Faktury i płatności", "Pomoc techniczna", "Umowy", "Reklamacje"}
	classifierNames = []string{
		"Obsłużone", "Oddzwonić później", "Brak kontaktu", "Zainteresowany ofertą", "Niezainteresowany", "Umówione spotkanie",
		"Reklamacja przyjęta", "Reklamacja odrzucona", "Zmiana danych", "Pytanie o fakturę", "Obietnica spłaty",
		"Odmowa rozmowy", "Pomyłka", "Awaria zgłoszona", "Awaria usunięta", "Przekazane do drugiej linii",
		"Sprzedaż zakończona", "Rezygnacja z usługi", "Prośba o wysłanie e-maila", "Numer nieaktualny",
	}
	classifierForms   = []string{"", " – klient biznesowy", " – powtórnie", " – po terminie"}
	siteCallNames     = []string{"Zamów rozmowę", "Wycena online", "Formularz kontaktowy", "Umów wizytę"}
	siteCallForms     = []string{"", " – strona główna", " – cennik", " – pomoc", " – kampania letnia"}
	significantFields = []string{"Nazwa klienta", "Firma", "Numer umowy", "Segment", ""}
	segments          = []string{"Klient indywidualny", "Klient priorytetowy", "Mała firma", "Duża firma", "Instytucja"}
)

// unansweredClassifiers are the places of the classifier names that say that nobody answered; the others sum up a talk.
var unansweredClassifiers = []int{1, 2, 19}
