import type { Lexicon } from './phrase.ts'

/**
 * Sets of words of languages other than English that put blanks between words, as they are after accents are dropped. A
 * set holds all languages, so that one phrase does for all of them: no text mixes them by chance.
 */
export const languageWords: Lexicon = {
  // To be rid of something: German, French, Spanish, Italian, Portuguese, Dutch, Polish, Russian, Ukrainian, Turkish,
  // Swedish, Indonesian; in this order in every set.
  L_IGNORE:
    'ignoriere ignorier ignorieren ignoriert vergiss vergessen missachte missachten verwirf uberschreibe umgehe umgehen streiche streich losche uberspringe ' +
    'ignorez ignorer oublie oubliez oublier neglige negligez outrepasse contourne contournez contourner bypassez annule efface ' +
    'ignora ignorar ignorad olvida olvide olvidate olvidar omite descarta desestima saltate borra anula desobedece ' +
    'ignorare ignorate dimentica dimenticare dimenticate dimenticati trascura scorda scordati annulla bypassa ' +
    'esqueca esquece esquecer desconsidere desconsidera descarte anule apague contorne ' +
    'negeer negeren vergeet vergeten omzeil overschrijf schrap wis ' +
    'zignoruj ignoruj zignorowac ignorowac zapomnij pomin odrzuc anuluj obejdz olej skresl ' +
    'игнорируи игнорируите игнорировать проигнорируи проигнорируите забудь забудьте отбрось отмени отмените обоиди удали ' +
    'ігноруи ігноруите проігноруи проігноруите ігнорувати забудьте відкинь скасуи скасуите знехтуи обіиди ' +
    'забеи кинь gooi skit ignorera glom strunta bortse forbise abaikan lupakan hiraukan acuhkan batalkan langgar',
  L_RULES:
    'anweisungen anweisung instruktionen regeln vorgaben befehle richtlinien anordnungen eingaben prompt systemprompt systemanweisung systemanweisungen programmierung konfiguration configuration configuracion configurazione configuracao configuratie konfiguracje ' +
    'instructions instruction consignes consigne regles directives ordres messages indications programmation restrictions ' +
    'instrucciones instruccion reglas normas indicaciones ordenes directrices mensajes restricciones lineamientos ' +
    'istruzioni istruzione regole regola indicazioni comandi direttive ordini restrizioni ' +
    'instrucoes instrucao regras comandos diretrizes ordens orientacoes restricoes ' +
    'instructies instructie regels richtlijnen opdrachten opdracht aanwijzingen voorschriften systeemprompt ' +
    'instrukcje instrukcji polecenia polecen zasady zasad reguły reguł wytyczne wytycznych nakazy ' +
    'инструкции инструкция инструкцию правила указания команды приказы сообщения промпт предписания установки запреты ' +
    'інструкціі інструкцію правил вказівки команди накази настанови заборони обмеження ' +
    'talimatlari talimatlar talimati talimatlarini kurallari kurallar kurallarini yonergeleri yonergelerini yonergeyi komutlari emirleri kisitlamalari ' +
    'instruktioner instruktionerna instruktion regler reglerna riktlinjer riktlinjerna direktiv anvisningar ' +
    'instruksi perintah aturan pedoman arahan petunjuk peraturan',
  L_VALID: 'gelten gilt obowiazuja berlaku деиствуют gelden galla valen valgono valent aplican appliquent',
  L_VOID:
    'aufgehoben ungultig hinfallig nichtig gestrichen annulees annulee nulles caduques levees revoquees derogadas anuladas canceladas revocadas invalidas annullate revocate decadute abolite anuladas revogadas suspensas vervallen ongeldig ingetrokken opgeheven anulowane uniewaznione niewazne nieaktualne cofniete отменены отменяются недеиствительны аннулированы сняты скасовано скасовані недіисні анульовано зняті gecersiz gecersizdir iptal kaldirildi upphavda upphort ogiltiga утратившими утратили втратили straciły wygasły dibatalkan dicabut',
  L_ALL: 'alles tout todo tutto tudo wszystko wszystkim все обо усе hepsini allt semua semuanya lo cio',
  L_TOLD:
    'vorherige bisherige bisher oben zuvor vorher davor obige obenstehende gesagt gesagte beigebracht gelernt ' +
    'precedent precede dessus appris dit demande anterior dicho dijeron ensenaron pidieron precedente sopra detto insegnato prima ' +
    'acima dito disseram ensinaram gezegd hierboven geleerd verteld voorgaande powyzej powiedziano kazano wczesniej nauczono ' +
    'выше ранее сказано сказанное предыдущее тебе говорили учили вище раніше навчили попередне казали soylendiyse soylenen soylendi onceki tidigare ovan sagt tillsagd sebelumnya dikatakan diajarkan',
  L_NOT: 'nicht keine keinen niet geen pas no non nao nie не inte jangan',
  L_FOLLOW:
    'folge befolge beachte befolgen suis suivez suivre respecte respectez sigas siga seguir obedezcas seguire segui rispettare seguire sigas obedeca volg gehoorzaam przestrzegaj stosuj słuchaj следуи следуите выполняи соблюдаи слушаи дотримуися виконуи слухаи folj lyd ikuti patuhi',
  L_FORBID:
    'darfst interdit droit prohibido prohibieron pidieron vietato vietano proibido proibiram verboden wolno zabronili запретили запрещено заборонили yasakladi forbjudit dilarang mag',
  L_SAY:
    'sagen verraten erzahlen dire reveler decir contar revelar dirmi rivelare dizer zeggen vertellen mowic ujawniac powiedziec говорить рассказывать сказать раскрывать казати сказати розповідати prata saga beratta diceritakan dikatakan',
  L_NEW:
    'neue neuen nouvelle nouvelles nouveau nueva nuevas nuevo nuova nuove nuovo nova novas novo nieuwe nowe nowa nowy новые новая новое нові нова нове yeni nya ny',
  L_TASK:
    'aufgabe aufgaben auftrag tache mission objectif tarea objetivo mision compito obiettivo missione tarefa taak zadanie zadania cel задача задание задачи завдання мета gorev gorevin gorevi talimat talimatlar uppgift tugas',
  L_YOUR:
    'dein deine deinen deiner deines ihre ihren ta ton tes votre vos tu tus su sus tua tue tuo tuoi vostre suas teu teus seu seus sua je jouw uw twoje twoj twoja swoje swoj swoja твои твоя твое твоего свои своя свое своего ваши ваша своі своє своіх твоі твоє din dina ditt dine',
  L_SHOW:
    'zeig zeige nenne verrate verrat gib wiederhole drucke sag sage offenbare schreibe schreib ubersetze zitiere kopiere liste poste ' +
    'affiche affichez montre montrez revele revelez repete repetez donne donnez imprime ecris traduis divulgue recopie recopiez copie colle cite devoile ' +
    'muestra muestrame muestre revela revele repite repita dime diga imprime escribe dame traduce ensename copia copiame pega cita enumera mostrar ' +
    'mostra mostrami rivela ripeti dimmi stampa scrivi traduci elenca incolla riporta mandami copiami ' +
    'mostre mostra exiba escreva traduza copie cole cola transcreve transcreva reproduza imprima repete ' +
    'toon laat herhaal geef vertel druk schrijf vertaal onthul kopieer plak typ citeer ' +
    'pokaz podaj wyswietl powtorz wypisz ujawnij zdradz wydrukuj napisz przepisz skopiuj wklej przetłumacz wymien zacytuj ułoz pokazac ' +
    'покажи покажите раскрои раскроите повтори повторите выведи выведите напиши скажи процитируи напечатаи переведи скинь перескажи скопируи перечисли пришли зачитаи показать ' +
    'покажіть розкрии виведи процитуи надрукуи переклади скопіюи перелічи наведи покажи ' +
    'visa avsloja upprepa skriv beratta klistra oversatt citera sjung tampilkan tunjukkan ungkapkan ulangi sebutkan tulis salin bocorkan perlihatkan kirim ubah',
  L_SHOWLAST:
    'goster gosterin gosterir soyle yaz yazdir paylas tekrarla listele acikla kopyala cevir ver anzeigen ausgeben nennen zeigen verraten tonen geven',
  L_PROMPT:
    'systemprompt systemprompts systemprompten systeemprompt systemanweisung systemanweisungen systemnachricht anfangsprompt startprompt eingabeaufforderung grundprompt startinstructie ' +
    'prompt prompten promptu promptunu promptini promptumu isteminizi isteminin istemini промпт промпта промт промпті systemmeddelande systeminstruktioner promptmu instruksimu aturanmu',
  L_SYSTEM:
    'system systeme sistema systemowe systemowa systemowy системныи системные системную системное системнии системні системне sistem systeem systemets',
  L_BEFORE:
    'vor uber avant dessus antes arriba encima prima sopra acima voor boven przed nad до перед выше над till fore innan ovanfor sebelum atas',
  L_FIRST:
    'erste ersten erster premier premiere primer primera primo prima primeira primeiro eerste pierwsza pierwsze pierwszej первого первым моего моим першим першого мого моім forsta moja min mitt meiner meine mon mi mio minha mijn mojej',
  L_MESSAGE:
    'nachricht nachrichten message mensaje messaggio mensagem bericht wiadomosc wiadomoscia wiadomosci сообщения сообщением сообщение повідомленням повідомлення meddelande meddelandet',
  L_WITHOUT:
    'ohne keine keinerlei sans aucune aucun sin ningun ninguna senza alcuna alcun nessuna nessun sem nenhuma nenhum zonder geen bez zadnych без никаких ніяких utan inga tanpa',
  L_LIMITS:
    'einschrankungen beschrankungen zensur grenzen restriction restrictions censure limites filtres filtre restricciones censura filtros filtro restrizioni limiti filtri vincoli restricoes beperkingen censuur ograniczen cenzury filtrow ограничении цензуры фильтров обмежень цензури фільтрів begransningar censur sparrar batasan sensor',
  L_ANSWER:
    'antworte antworten antwortet beantworte antwort reponds repondez repondre reponse responde responda contesta rispondi rispondere risposte responder antwoord odpowiadaj odpowiedz odpowiadac отвечаи ответь отвечать відповідаи відповідати cevap yanit svara svarar jawab menjawab jawablah',
  L_AI: 'ki ia ai ии ші sprachmodell sprachmodelle sprachmodells modele modeles modelo modelos modello modelli taalmodel taalmodellen model modele modeli языковая языковои мовна sprakmodell assistent assistenten assistant assistants asistente asistentes assistente assistenti asystent asystenta asystentow ассистент ассистента ассистенту помощник асистент асистента assistenter bot boten bots agent agente agenten agents неиросеть zeka asistan',
  L_DISABLE:
    'deaktiviere deaktivier schalte schalt entferne desactive desactivez desactiva desactivar quita elimina apaga disattiva disattivare togli rimuovi disabilita desativa desative desliga desligue remova schakel verwijder wyłacz wyłaczyc usun zdejmij отключи отключите выключи сними убери вимкни вимкніть відключи зніми прибери stang avaktivera inaktivera matikan nonaktifkan hilangkan',
  L_GUARDS:
    'filter filters filtre filtres filtros filtri filtry filtrow фильтры фильтр фільтри einschrankungen beschrankungen restrictions restricciones restrizioni restricoes beperkingen ograniczenia blokady ограничения обмеження begransningar sparrar sicherheitsfilter sicherheitsprufungen schutzmaßnahmen moderation moderacion moderazione moderacao модерацию модерацію censura censure zensur цензуру цензуру securite seguridad sicurezza seguranca bezpieczenstwa безопасности безпеки veiligheid перевірки проверки',
  L_ENABLE:
    'aktiviere aktivier wechsle wechsel gehe schalte active activez activer passe passez activa activar entra ingresa cambia attiva attivare passa ativa ative entre entrar zet activeer ga schakel włacz przejdz aktywuj включи включите активируи переиди увімкни активуи переиди aktivera starta aktifkan masuk nyalakan jetzt maintenant ahora adesso agora nu teraz теперь тепер',
  L_MODE: 'mode modo modalita modus tryb trybu режим режиме режиму режимі lage laget modunu modu modunda moda',
  L_MODEKIND:
    'developpeur desarrollador sviluppatore desenvolvedor programador deweloperski deweloperskim dewelopera deweloperskiego разработчика розробника gelistirici pengembang ontwikkelaars debug administrateur administrador amministratore administratora serwisowy администратора адміністратора отладки maintenance mantenimiento manutenzione manutencao обслуживания dan jailbreak admin root dev god unbeschrankten uneingeschrankten',
  L_MODEWORD:
    'entwicklermodus wartungsmodus debugmodus adminmodus administratormodus utvecklarlage utvecklarlaget ontwikkelaarsmodus ontwikkelmodus beheerdersmodus godmodus debugmodus servicelage',
  L_ONLY:
    'nur seulement uniquement que solo solamente unicamente soltanto apenas so somente alleen uitsluitend slechts tylko wyłacznie только исключительно лише тільки sadece yalnizca bara endast hanya',
  L_OBEY:
    'hor hore gehorche gehorch obeis obeissez ecoute ecoutez obedece obedeceme escucha obbedisci ascolta obedeca escute gehoorzaam luister słuchaj słuchasz слушаи слушаися подчиняися слухаи слухаися підкоряися виконуи виконуєш lyssna lyd dengarkan patuhi turuti nurut dinle itaat zahlt gelten',
  L_ME: 'mich mir meine mein moi mes mi mis me mim minhas mij mijn mnie moje меня мне мои мене мені моі mig mina beni bana aku saya',
  L_NEVER:
    'nie niemals jamais nunca mai nooit nigdy никогда ніколи asla aldrig jangan pernah verboten interdit prohibido vietato proibido verboden zakaz запрещено запрещается заборонено yasak forbjudet dilarang darfst nichts',
  L_REFUSE:
    'ablehnen verweigern weigern lehne lehnst refuse refuser refuses refusez niegues negarte rechaces rifiutare rifiutarti rifiuti recuse recusar weiger weigeren weigert odmawiac odmawiaj odmawiania odmawiasz отказывать отказываи отказываися відмовляти відмовляи відмовляися menolak vagra reddetme reddetmek tolak',
  L_TELL:
    'verrate verrat sag sage nenne gib revele devoile donne donnez dis dime dame revela dimmi rivela dammi svela diga revele conta vertel geef verklap zeg onthul podaj zdradz ujawnij powiedz wyjaw dawaj скажи назови раскрои выдаи сообщи назви розкрии видаи avsloja beratta sebutkan beritahu bocorkan ungkapkan lautet ist est cual quel quelle qual какои яки якии vad apa ne',
  L_PASSWORD:
    'passwort kennwort codewort losungswort geheimwort zugangscode contrasena contrasenia senha wachtwoord hasło пароль паролем sifre sifreyi parolayi losenord losenordet kodord kodordet sandi sandinya passwordnya',
  L_SECRET:
    'geheime geheimen geheimes geheim secret secrete secreta secreto segreta segreto tajne tajny tajnego секретное секретныи секретне таємне gizli hemliga hemlig rahasia verborgene verborgenen caches cachees confidentielles ocultas oculto ocultos nascoste nascosto ocultas confidenciais verborgen ukryte ukrytych скрытые приховані dolda',
  L_WORD:
    'wort code mot palabra clave codigo parola codice palavra woord słowo слово код kelime kelimeyi ord ordet kod koden kata kode',
  L_NOTE:
    'hinweis notiz nachricht note nota aviso messaggio mensaje message observacao instrucao instruccion istruzione instruction opmerking bericht uwaga notatka wiadomosc примечание заметка сообщение примітка нотатка not catatan pesan notering meddelande instruktion obs instruksi instructie',
  L_TO: 'fur pour para per aan voor dla для к до till for untuk kepada aux au ao alla al',
  L_READS:
    'liest lies lesen verarbeitest verarbeitet verarbeiten lit lisez lis traite traitent lee lees leen procese procesan legge leggi leggono elabora elaborano leia lendo leem leest verwerkt verwerken czytasz czyta przetwarza читает читаешь обрабатывает читаєш читає опрацьовує okuyan isleyen laser bearbetar membaca memproses bewerte',
  L_THIS:
    'dies diese diesen das hier ce ceci cet cette esto este estas questo questa isto este esta dit deze to ten это этот це цеи bu detta denna ini',
}
