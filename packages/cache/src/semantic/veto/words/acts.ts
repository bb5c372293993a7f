import { wordSet } from './lists.ts'

/** Verbs that change something in the world wherever they open a request. Joined phrases count: `turn on` reads as `enable`. */
export const acts: ReadonlySet<string> = wordSet(`
delete cancel transfer send resend pay repay buy purchase sell trade book rebook reserve order reorder schedule reschedule postpone email mail message text call dial phone ping
post publish unpublish tweet retweet upload deploy redeploy rollback restart reboot shutdown kill terminate lock unlock block unblock freeze unfreeze suspend
approve refund reimburse subscribe unsubscribe register enroll enrol unenroll withdraw deposit wire donate notify invite uninvite remind grant revoke renew activate deactivate
reactivate enable disable charge ban unban mute unmute purge wipe erase uninstall logout play pause resume snooze hire fire ship dispatch redeem exchange evict
initiate dim undo wake escalate topup recharge authorize authorise authenticate execute launch quit exit hang archive unarchive confirm accept decline`)

/** Verbs that act only upon something of somebody's: `change my address`, not `change this sentence`. */
export const looseActs: ReadonlySet<string> = wordSet(`
add change set update remove move run start stop share create put reset rename close open merge mark replace save assign edit modify switch setup submit connect disconnect
link unlink pair report dispute verify apply claim request return increase decrease raise lower make adjust turn clear empty join leave fill sign replace sync forward reply drop
extend upgrade downgrade redirect end begin initiate place get bring import export install log record note include insert commence`)

/** What such a verb acts upon: somebody's, or a thing that a program of theirs holds. */
export const actedUpon: ReadonlySet<string> = wordSet(`
my our me us mine ours myself alarm alarms timer timers reminder reminders meeting meetings appointment appointments event events calendar playlist song songs music radio podcast
light lights lamp thermostat heating volume todo shopping account accounts card cards subscription ticket tickets user users role permission permissions membership
server servers database branch pull vm instance cluster tv television car door doors table room hotel flight call calls transfer pod backup payment invoice booking reservation contact contacts
dollars euros pounds bucks savings checking`)

/** Behind a word that may be a verb these show that it is a noun: `transfer fee`, `order is late`. */
export const behindNouns: ReadonlySet<string> = wordSet(`
fee fees status limit limits number numbers time times error errors button problem problems issue issues policy policies history confirmation rate rates cost costs option options
is are was were has have had will not did does n't 's failed declined pending rejected missing charged vs versus or and of by these meaning definition disabled
process processes center centre card cards key keys code codes methods method page system service services plan`)

/** Participles of acts that do not end in -ed: `I want it frozen`. */
export const actDone: ReadonlySet<string> = wordSet(
  `frozen unfrozen paid repaid sent bought sold withdrawn shut hung put set`,
)

/** Said before a request without being part of it. */
export const courtesies: ReadonlySet<string> = wordSet(`
please pls plz kindly hi hello hey dear ok okay so well now then just also and but yes no thanks thank go ahead immediately quickly alexa siri google assistant bot morning evening
sorry um uh er quick to let lets 's`)

/** How other languages open a request to act, and speak of now. Few words, and those that English has not. */
export const foreignActs: ReadonlySet<string> = wordSet(`
cancela cancelar elimina eliminar borra borrar envía enviar transfiere transferir pagar compra comprar reservar
annule annulez annuler supprime supprimez supprimer envoie envoyez envoyer transfère transférez transférer paie payez payer achète achetez acheter réserve réservez
lösche löschen storniere stornieren sende senden schicke überweise überweisen zahle bezahle bezahlen kaufe kaufen buche buchen reserviere reservieren kündige kündigen
cancella cancellare invia inviare trasferisci trasferire prenota prenotare acquista
cancele exclua excluir apague apagar envie transfira pague compre annuleer verwijder stuur betaal koop boek reserveer`)

export const foreignNow: ReadonlySet<string> = wordSet(`
ahora hoy mañana ayer actualmente maintenant aujourd'hui aujourd demain hier actuellement jetzt heute gestern aktuell aktuelle aktuellen derzeit momentan
adesso oggi domani ieri attualmente agora hoje amanhã ontem atualmente vandaag gisteren momenteel`)
