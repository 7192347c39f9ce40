"""News in other languages, written for these tests: three or four sentences on invented happenings."""

LISTED = {
    "French": (
        "Le ministre a déclaré mardi que les pourparlers avec les rebelles reprendraient la semaine "
        "prochaine. Selon deux diplomates, la ville reste encerclée et les convois ne passent plus. « "
        "Nous n'avons pas reçu de réponse », a dit le porte-parole du gouvernement. Plus de quarante "
        "personnes ont été arrêtées pendant la manifestation devant le parlement."
    ),
    "German": (
        "Der Minister sagte am Dienstag, die Gespräche mit den Aufständischen würden nächste Woche "
        "fortgesetzt. Nach Angaben von zwei Diplomaten ist die Stadt noch immer eingeschlossen. „Wir "
        "haben keine Antwort erhalten“, erklärte der Sprecher der Regierung. Bei der Kundgebung vor dem"
        " Parlament wurden mehr als vierzig Menschen festgenommen."
    ),
    "Spanish": (
        "El ministro dijo el martes que las conversaciones con los rebeldes se reanudarán la próxima "
        "semana. Según dos diplomáticos, la ciudad sigue cercada y los convoyes ya no pasan. «No hemos "
        "recibido ninguna respuesta», afirmó el portavoz del gobierno. Más de cuarenta personas fueron "
        "detenidas durante la protesta frente al parlamento."
    ),
    "Portuguese": (
        "O ministro disse na terça-feira que as conversas com os rebeldes serão retomadas na próxima "
        "semana. Segundo dois diplomatas, a cidade continua cercada e os comboios já não passam. “Não "
        "recebemos nenhuma resposta”, afirmou o porta-voz do governo. Mais de quarenta pessoas foram "
        "detidas durante o protesto em frente ao parlamento."
    ),
    "Dutch": (
        "De minister zei dinsdag dat de gesprekken met de rebellen volgende week worden hervat. Volgens"
        " twee diplomaten is de stad nog steeds omsingeld en komen er geen konvooien meer door. “We "
        "hebben geen antwoord gekregen”, aldus de woordvoerder van de regering. Bij het protest voor "
        "het parlement werden meer dan veertig mensen opgepakt."
    ),
    "Italian": (
        "Il ministro ha detto martedì che i colloqui con i ribelli riprenderanno la prossima settimana."
        " Secondo due diplomatici la città è ancora accerchiata e i convogli non passano più. «Non "
        "abbiamo ricevuto alcuna risposta», ha affermato il portavoce del governo. Più di quaranta "
        "persone sono state arrestate durante la protesta davanti al parlamento."
    ),
    "Turkish": (
        "Bakan salı günü yaptığı açıklamada isyancılarla görüşmelerin gelecek hafta yeniden "
        "başlayacağını söyledi. İki diplomata göre şehir hâlâ kuşatma altında ve konvoylar artık "
        "geçemiyor. Hükümet sözcüsü “Bize bir yanıt gelmedi” dedi. Meclis önündeki bu gösteride kırktan"
        " çok kişi gözaltına alındı ve daha sonra serbest bırakıldı."
    ),
    "Indonesian": (
        "Menteri mengatakan pada hari Selasa bahwa pembicaraan dengan pemberontak akan dilanjutkan "
        "pekan depan. Menurut dua diplomat, kota itu masih terkepung dan konvoi tidak dapat lewat. "
        "“Kami belum menerima jawaban,” kata juru bicara pemerintah. Lebih dari empat puluh orang "
        "ditangkap dalam unjuk rasa di depan gedung parlemen."
    ),
    "Swahili": (
        "Waziri alisema Jumanne kwamba mazungumzo na waasi yataendelea wiki ijayo. Kwa mujibu wa "
        "wanadiplomasia wawili, mji huo bado umezingirwa na misafara haiwezi kupita. “Hatujapokea jibu "
        "lolote,” alisema msemaji wa serikali. Zaidi ya watu arobaini walikamatwa katika maandamano "
        "mbele ya bunge."
    ),
    "Polish": (
        "Minister powiedział we wtorek, że rozmowy z rebeliantami zostaną wznowione w przyszłym "
        "tygodniu. Według dwóch dyplomatów miasto jest nadal oblężone i konwoje już nie przejeżdżają. "
        "„Nie otrzymaliśmy odpowiedzi” – oświadczył rzecznik rządu. Ponad czterdzieści osób zatrzymano "
        "w czasie protestu przed parlamentem."
    ),
    "Swedish": (
        "Ministern sade på tisdagen att samtalen med rebellerna ska återupptas nästa vecka. Enligt två "
        "diplomater är staden fortfarande omringad och konvojerna kommer inte fram. ”Vi har inte fått "
        "något svar”, sade regeringens talesman. Fler än fyrtio personer greps under protesten utanför "
        "parlamentet."
    ),
    "Romanian": (
        "Ministrul a declarat marți că discuțiile cu rebelii vor fi reluate săptămâna viitoare. "
        "Potrivit a doi diplomați, orașul este încă încercuit și convoaiele nu mai trec. „Nu am primit "
        "niciun răspuns”, a spus purtătorul de cuvânt al guvernului. Peste patruzeci de persoane au "
        "fost reținute la protestul din fața parlamentului."
    ),
    "Vietnamese": (
        "Bộ trưởng cho biết hôm thứ Ba rằng các cuộc đàm phán với quân nổi dậy sẽ được nối lại vào tuần"
        " tới. Theo hai nhà ngoại giao, thành phố vẫn bị bao vây và các đoàn xe không thể đi qua. Người"
        " phát ngôn của chính phủ nói rằng họ không nhận được câu trả lời."
    ),
    "Hungarian": (
        "A miniszter kedden azt mondta, hogy a felkelőkkel folytatott tárgyalások a jövő héten "
        "folytatódnak. Két diplomata szerint a várost még mindig körülzárva tartják, és a konvojok nem "
        "jutnak át. A kormány szóvivője közölte, hogy nem kaptak választ."
    ),
    "Somali": (
        "Wasiirku wuxuu Talaadadii sheegay in wadahadallada lala yeelanayo mucaaradka ay dib u bilaaban"
        " doonaan. Laba diblomaasi ayaa sheegay in magaalada ay weli go'doonsan tahay oo kolonyooyinku "
        "aanay mari karin. Afhayeenka dowladda ayaa yiri ma aanan helin wax jawaab ah."
    ),
}

OTHER_SCRIPT = {
    "Cyrillic": (
        "Министр заявил во вторник, что переговоры с повстанцами возобновятся на следующей неделе. По "
        "словам двух дипломатов, город по-прежнему окружён."
    ),
    "Arabic": (
        "قال الوزير يوم الثلاثاء إن المحادثات مع المتمردين ستستأنف الأسبوع المقبل. وقال دبلوماسيان إن "
        "المدينة لا تزال محاصرة."
    ),
    "Chinese": "部长周二表示,与叛军的会谈将于下周恢复。两名外交官称,该市仍被包围。",
    "Hebrew": "השר אמר ביום שלישי כי השיחות עם המורדים יתחדשו בשבוע הבא.",
    "Greek": ("Ο υπουργός δήλωσε την Τρίτη ότι οι συνομιλίες με τους αντάρτες θα επαναληφθούν την επόμενη εβδομάδα."),
    "Korean": "장관은 화요일에 반군과의 회담이 다음 주에 재개될 것이라고 밝혔다.",
    "Hindi": "मंत्री ने मंगलवार को कहा कि विद्रोहियों के साथ बातचीत अगले सप्ताह फिर शुरू होगी।",
}

# Languages without a list of function words: long enough to be told from English, not by name.
UNLISTED = {
    "Estonian": (
        "Minister ütles teisipäeval, et läbirääkimised mässulistega jätkuvad järgmisel nädalal. Kahe "
        "diplomaadi sõnul on linn endiselt ümber piiratud ning kolonnid ei pääse läbi. Valitsuse "
        "pressiesindaja teatas, et vastust ei ole saadud. Parlamendi ees toimunud meeleavaldusel peeti "
        "kinni üle neljakümne inimese. Linnavalitsus palus elanikel koju jääda, kuni olukord rahuneb, "
        "ja lubas peagi vett ning toitu jagada. Koolid jäävad suletuks vähemalt reedeni, ütles "
        "abilinnapea ajakirjanikele."
    ),
    "Welsh": (
        "Dywedodd y gweinidog ddydd Mawrth y byddai'r trafodaethau gyda'r gwrthryfelwyr yn ailddechrau "
        "yr wythnos nesaf. Yn ôl dau ddiplomydd mae'r ddinas wedi ei hamgylchynu o hyd ac nid yw'r "
        "confois yn gallu pasio. Nid ydym wedi cael ateb, meddai llefarydd ar ran y llywodraeth. Cafodd"
        " dros ddeugain o bobl eu harestio yn ystod y brotest o flaen y senedd, ac fe gafodd pob un ei "
        "ryddhau yn ddiweddarach."
    ),
    "Basque": (
        "Ministroak asteartean esan zuenez, matxinoekin elkarrizketak datorren astean hasiko dira "
        "berriro. Bi diplomatiko hauen arabera, hiria inguratuta dago oraindik eta konboiak ezin dira "
        "igaro. Ez dugu erantzunik jaso, adierazi zuen gobernuaren bozeramaileak. Berrogei lagun baino "
        "gehiago atxilotu zituzten legebiltzarraren aurreko protestan, eta gero aske utzi zituzten "
        "guztiak. Ikastetxeak itxita egongo dira ostirala arte gutxienez, eta udalak etxean geratzeko "
        "eskatu die herritarrei egoera baretu arte."
    ),
    "Zulu": (
        "Ungqongqoshe uthe ngoLwesibili izingxoxo namavukelambuso zizoqhubeka ngesonto elizayo. "
        "Ngokusho kosonxusa ababili, idolobha lisazungeziwe futhi izimoto azikwazi ukudlula. "
        "Asikayitholi impendulo, kusho okhulumela uhulumeni. Bangaphezu kwamashumi amane abantu "
        "ababoshwe ngesikhathi sombhikisho phambi kwephalamende, kodwa kamuva badedelwa bonke. Izikole "
        "zizohlala zivaliwe kuze kube uLwesihlanu, kusho iphini lemeya lapho likhuluma nezintatheli, "
        "futhi lacela izakhamuzi ukuba zihlale emakhaya azo."
    ),
}

ENGLISH_WITH_NAMES = (
    "Nguyễn Văn Trỗi and Tsai Ing-wen met Recep Tayyip Erdoğan in Ankara on Sunday.",
    "Mamuka Khvichia of the Sakartvelos Patriotta Aliansi denied that Tbilisi had paid the Grupo de Combate Norte.",
    "“La lutte continue,” the crowd in Kinshasa shouted as Étienne Mbemba Ngoy and Abbé Théophile "
    "Kalala were led away.",
    "President Abdoulaye Maïga told Radio Télévision du Mali that the Cadre stratégique permanent was banned.",
    "Seoul says Kim Yo Jong sent the letter; Rodong Sinmun, Minju Joson and Chongnyon denied it.",
)
