import type { PhraseGroup } from './phrase.ts'

/**
 * The commonest override and extraction phrases in German, French, Spanish, Italian, Portuguese and Russian, as they are
 * after accents are dropped.
 */
export const languageGroups: readonly PhraseGroup[] = [
  {
    family: 'override',
    strength: 'strong',
    phrases: [
      // German
      'ignoriere|ignorier|ignorieren|vergiss|vergessen|missachte|verwirf|uberschreibe|umgehe ..5 anweisungen|anweisung|instruktionen|regeln|vorgaben|befehle|richtlinien|anordnungen|eingaben|prompt|systemprompt',
      'ignoriere|vergiss|missachte ..1 alles ..3 vorherige|bisherige|bisher|oben|zuvor|vorher|davor|obige|obenstehende|gesagt|gesagte',
      'folge|befolge|beachte ..5 nicht|keine|keinen ..3 anweisungen|regeln|richtlinien',
      // French
      'ignore|ignorez|ignorer|oublie|oubliez|oublier|neglige|negligez|outrepasse|contourne ..4 instructions|instruction|consignes|consigne|regles|directives|ordres|messages|indications',
      'oublie|oubliez|ignore|ignorez tout ce|les|ci|texte',
      // Spanish
      'ignora|ignore|ignorar|ignorad|olvida|olvide|olvidate|olvidar|omite|descarta|desestima ..4 instrucciones|instruccion|reglas|normas|indicaciones|ordenes|directrices|mensajes',
      'olvida|ignora|olvidate todo|de lo|todo|anterior|el ..3',
      // Italian
      'ignora|ignorare|ignorate|dimentica|dimenticate|dimenticati|trascura|scorda ..4 istruzioni|istruzione|regole|indicazioni|comandi|direttive|ordini',
      'dimentica|ignora tutto|quello cio|quello|il|che|precedente',
      // Portuguese
      'ignore|ignora|ignorar|esqueca|esquece|esquecer|desconsidere|desconsidera|descarte ..4 instrucoes|instrucao|regras|comandos|diretrizes|ordens|orientacoes',
      'esqueca|esquece|ignore|desconsidere tudo o|que|acima',
      // Russian
      'игнорируи|игнорируите|игнорировать|проигнорируи|проигнорируите|забудь|забудьте|отбрось|отмени|отмените ..4 инструкции|инструкция|правила|указания|команды|приказы|сообщения|промпт|предписания|установки',
      'забудь|забудьте|игнорируи|игнорируите ..1 все|всё|обо ..3 что|выше|предыдущее|ранее|сказано|сказанное|тебе',
    ],
  },
  {
    family: 'prompt_extraction',
    strength: 'strong',
    phrases: [
      'zeig|zeige|nenne|verrate|gib|wiederhole|drucke|sag|sage|offenbare|schreibe|ubersetze ..6 systemprompt|anweisungen|instruktionen|systemanweisungen|systemnachricht|eingabeaufforderung|anfangsprompt',
      'wie|was lauten|lautet|sind|ist dein|deine|deiner|der ..1 anweisungen|systemprompt|instruktionen|regeln|prompt|vorgaben',
      'affiche|montre|revele|repete|donne|imprime|ecris|affichez|montrez|revelez|repetez|traduis|divulgue ..5 instructions|consignes|prompt|directives',
      'quelles|quel|quels sont|est vos|tes|ton|votre|les ..1 instructions|consignes|prompt|regles|directives',
      'muestra|muestrame|revela|repite|dime|imprime|escribe|dame|traduce|ensename|muestre ..5 instrucciones|prompt|indicaciones|directrices|instruccion',
      'cuales|cual son|es tus|tu|sus|las ..1 instrucciones|prompt|reglas|indicaciones',
      'mostra|mostrami|rivela|ripeti|dimmi|stampa|scrivi|traduci|elenca ..5 istruzioni|prompt|direttive',
      'quali|qual sono|e le? tue|tuo|il ..1 istruzioni|prompt|regole',
      'mostre|revele|repita|diga|imprima|escreva|exiba|traduza|mostra|mostre ..5 instrucoes|prompt|diretrizes|instrucao',
      'quais|qual sao|e as? suas|tuas|seu|o ..1 instrucoes|prompt|regras|diretrizes',
      'покажи|покажите|раскрои|раскроите|повтори|повторите|выведи|выведите|напиши|скажи|процитируи|напечатаи|переведи ..4 инструкции|инструкцию|промпт|указания|системныи|промт',
      'какие|каков|какие|каковы у|твои|твоя|ваши|твоем ..2 инструкции|указания|промпт|правила',
    ],
  },
  {
    family: 'persona',
    strength: 'weak',
    phrases: [
      'du|sie bist|sind jetzt|nun|ab',
      'tu|vous es|etes maintenant|desormais',
      'ahora eres|actua|actuaras|seras',
      'ora|adesso sei|agisci',
      'agora voce|tu e|es',
      'voce agora e',
      'теперь ты|вы',
      'ты|вы теперь',
    ],
  },
  {
    family: 'unrestricted',
    strength: 'strong',
    phrases: [
      'ohne|keine|keinerlei jegliche|ethische|moralische|irgendwelche? ..1 einschrankungen|beschrankungen|filter|regeln|grenzen|zensur',
      'sans|aucune|aucun restriction|restrictions|censure|limites|filtre|filtres|limite|regles',
      'sin ningun|ninguna? ..1 restricciones|restriccion|censura|limites|filtros|filtro|reglas',
      'senza alcuna|nessuna? ..1 restrizioni|restrizione|censura|limiti|filtri|regole',
      'sem nenhuma|qualquer? ..1 restricoes|censura|limites|filtros|regras',
      'без каких|всяких|любых? ..1 ограничении|цензуры|фильтров|правил',
    ],
  },
]
