package sample

// letter is what an e-mail says.
type letter struct{ subject, body string }

// What people write: clients and the call centre.
var (
	clientsLetters = []letter{
		{"Pytanie o fakturę", "Dzień dobry,\n\nproszę o wyjaśnienie pozycji na ostatniej fakturze. Kwota różni się od tej z umowy.\n\nZ poważaniem"},
		{"Zgłoszenie reklamacji", "Szanowni Państwo,\n\nzgłaszam reklamację: urządzenie przestało działać po dwóch tygodniach.\n\nPozdrawiam"},
		{"Zmiana adresu do korespondencji", "Dzień dobry,\n\nproszę o zmianę adresu do korespondencji na: ul. Źródlana 7, 00-000 Łódź.\n\nDziękuję"},
		{"Brak dostępu do panelu klienta", "Witam,\n\nod wczoraj nie mogę się zalogować, hasło jest odrzucane mimo zmiany. Proszę o pomoc.\n"},
		{"Prośba o duplikat umowy", "Dzień dobry,\n\nproszę o przesłanie duplikatu umowy na ten adres.\n\nZ góry dziękuję"},
		{"Opóźniona dostawa", "Dzień dobry,\n\npaczka miała dotrzeć w ubiegłym tygodniu. Kiedy mogę się jej spodziewać?\n"},
	}
	centresLetters = []letter{
		{"Potwierdzenie wizyty", "Dzień dobry,\n\npotwierdzamy termin wizyty technika. Prosimy o obecność osoby pełnoletniej.\n\nZespół obsługi"},
		{"Oferta dla stałych klientów", "Szanowni Państwo,\n\nprzygotowaliśmy ofertę dla stałych klientów: niższa opłata przez pół roku.\n\nZespół obsługi"},
		{"RE: Pytanie o fakturę", "Dzień dobry,\n\nróżnica wynika z opłaty aktywacyjnej, naliczanej jednorazowo. Kolejna faktura będzie zgodna z umową.\n\nZespół obsługi"},
		{"RE: Zgłoszenie reklamacji", "Szanowni Państwo,\n\nreklamacja została przyjęta. Odpowiemy w ciągu 14 dni.\n\nZespół obsługi"},
		{"RE: Prośba o duplikat umowy", "Dzień dobry,\n\nw załączniku przesyłamy duplikat umowy.\n\nZespół obsługi"},
		{"Ankieta: jak nam poszło?", "Dzień dobry,\n\nprosimy o ocenę ostatniej rozmowy. Zajmie to minutę.\n\nZespół obsługi"},
	}
	attachmentNames = []string{"faktura.pdf", "zdjęcie uszkodzenia.jpg", "umowa – skan.pdf", "oferta.pdf", "potwierdzenie wpłaty.png", "zestawienie.xlsx"}

	outboundTexts = []string{
		"Przypominamy o płatności. Termin mija jutro. Jeśli wpłata jest w drodze, prosimy zignorować tę wiadomość.",
		"Twoje zgłoszenie zostało przyjęte. Odezwiemy się w ciągu 2 dni roboczych.",
		"Technik przyjedzie dziś między 12:00 a 16:00. Prosimy o dostępność pod tym numerem.",
		"Dziękujemy za rozmowę! Oceń ją w skali 1–5, odpowiadając na tego SMS-a.",
		"Twoja paczka jest gotowa do odbioru. Kod odbioru: 4821.",
	}
	inboundTexts = []string{
		"5", "4", "TAK", "Proszę o kontakt po 17:00", "NIE", "Dziękuję, już zapłacone", "Kiedy przyjedzie technik?",
		"STOP", "proszę zadzwonić jutro rano",
	}

	// chats are whole talks; the client and the agent take turns, the client first.
	chats = [][]string{
		{"Dzień dobry, nie widzę ostatniej wpłaty w panelu", "Dzień dobry, już sprawdzam. Czy mogę prosić o numer umowy?", "KL-2204", "Dziękuję. Wpłata jest zaksięgowana od godziny, proszę odświeżyć stronę.", "Jest, dziękuję!"},
		{"Hej, czy są jeszcze wolne terminy na czwartek?", "Tak, o 10:30 i o 14:00.", "To 14:00 poproszę", "Zapisane. Przypomnienie przyjdzie SMS-em."},
		{"Internet nie działa od rana", "Przykro mi. Proszę wyłączyć router na minutę i włączyć ponownie. Czy lampka świeci na zielono?", "świeci na czerwono", "W takim razie zgłaszam awarię. Technik odezwie się do godziny.", "ok"},
		{"Czy mogę zrezygnować z usługi w trakcie umowy?", "Może Pani, z miesięcznym wypowiedzeniem. Czy mogę zapytać o powód?", "Przeprowadzka", "Możemy przenieść usługę pod nowy adres bez opłat.", "O, to proszę o szczegóły na e-mail", "Już wysyłam. Miłego dnia!"},
		{"Gdzie jest moja paczka?", "Przesyłka jest w sortowni w Poznaniu, dotrze jutro.", "👍"},
	}
	abandonedChats = []string{"Halo?", "Dzień dobry, jest ktoś?", "Pytanie o zwrot towaru"}
)
