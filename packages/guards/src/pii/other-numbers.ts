import { phrases, type Surroundings } from '../context-words.ts'

/** What numbers are of that are nobody's telephone, account or passport; in the plural with `s`, too. */
const others: ReadonlySet<string> = new Set(
  phrases(`
    order, ticket, reference, ref, case, incident, error, exit, status, invoice, transaction, txn, transfer, payment,
    booking, reservation, confirmation, tracking, shipment, parcel, package, delivery, customer, client, member,
    membership, user, employee, staff, student, vendor, supplier, contract, policy, claim, quote, quotation, sku, upc, ean,
    isbn, issn, asin, gtin, part, item, product, article, model, serial, version, release, build, revision, rev, commit,
    zip, zipcode, blz, postcode, postal, bug, issue, pr, job, task, batch, lot, run, process, pid, thread, session, request,
    stack, room, flight, train, seat, chapter, section, figure, row, column, index, offset, port, docket, bill, receipt,
    purchase, po, rma, vin, imei, apartment, suite, route, highway,
    bestellung, auftrag, rechnung, vorgang, kunde, kundin, referenz, aktenzeichen, artikel, vertrag, mitglied, fehler,
    sendung, buchung, lieferung, plz, postleitzahl, bestellnr, auftragsnr, rechnungsnr, kundennr, ticketnr, artikelnr,
    commande, facture, référence, réf, dossier, contrat, colis, suivi, réservation, erreur, adhérent, devis,
    pedido, factura, referencia, cliente, contrato, envío, seguimiento, reserva, artículo, transacción, póliza,
    expediente, incidencia,
    ordine, fattura, riferimento, rif, contratto, pratica, spedizione, prenotazione, articolo, errore, transazione,
    polizza, biglietto,
    encomenda, fatura, referência, artigo, erro, transação, apólice, protocolo, processo, cep,
    bestelling, factuur, klant, referentie, boeking, zending, fout, transactie, polis
  `),
)
/** `bestellnummer`, `ordernumber`: a name and the word for a number in one. */
const compound = /^\p{L}{2,20}(?:nummer|number)s?$/u
/** Those that are looked for begin like this. */
const wanted =
  /^(?:konto|account|bank|rekening|telefo|phone|mobil|handy|ruf|fax|pas|führer|rij|licen|driver|medical|mrn|chart|hospital|health|patient|versicher|card|prüf)/u
/** What may stand between a name and its number: `order number is`, `account no.`. */
const fillers: ReadonlySet<string> = new Set(
  phrases(`
    number, numbers, with, no, nos, nr, num, nº, n, id, code, is, was, the, my, your, our, his, her, their, nummer, ist, mein,
    meine, est, le, mon, numéro, número, numero, es, mi, è, é, o, номер
  `),
)

const conjunctions: ReadonlySet<string> = new Set(phrases('and, or, und, oder, et, ou, y, o, e, en, of'))

/** Whether the name of a number, which stands right before it, is one of another kind: `order no. 10293847`. */
export function isOtherNumber({ before }: Surroundings): boolean {
  let index = before.length - 1
  // `orders 10293847 and 10293848`
  if (conjunctions.has(before[index] ?? '') && /^\d/.test(before[index - 1] ?? '')) index -= 2
  while (index > 0 && fillers.has(before[index] as string)) index -= 1
  const name = before[index] ?? ''
  return (
    others.has(name) ||
    (name.endsWith('s') && others.has(name.slice(0, -1))) ||
    (compound.test(name) && !wanted.test(name))
  )
}

/**
 * Whether nothing that matters is between a number and the word that is so many words away, as
 * {@link Cues.distance} tells it: `account number is 12345678`, but not `account locked, 12345678`.
 */
export function isRightBeside(around: Surroundings, distance: number, side: 'before' | 'after'): boolean {
  const words =
    side === 'before' ? around.before.slice(around.before.length - distance + 1) : around.after.slice(0, distance - 1)
  return words.every((word) => fillers.has(word))
}
