/** Requests in languages other than English, written for this check. */
export const foreign: Readonly<Record<string, readonly string[]>> = {
  de: [
    'Können Sie mir bitte sagen, wann meine Bestellung ankommt?',
    'Ich möchte mein Passwort ändern, weil ich es vergessen habe.',
    'Schreibe mir eine kurze Geschichte über einen Hund am Meer.',
    'Wie funktioniert die Rückgabe, wenn der Karton schon offen ist?',
  ],
  fr: [
    'Pouvez-vous me dire quand ma commande arrivera à la maison ?',
    'Je voudrais changer mon mot de passe parce que je l’ai oublié.',
    'Écris-moi une petite histoire sur un chien au bord de la mer.',
    'Comment puis-je renvoyer un article si la boîte est déjà ouverte ?',
  ],
  es: [
    '¿Me puede decir cuándo va a llegar mi pedido a casa?',
    'Quiero cambiar mi contraseña porque no la recuerdo.',
    'Escríbeme un cuento corto sobre un perro junto al mar.',
    '¿Cómo devuelvo un artículo si la caja ya está abierta?',
  ],
  it: [
    'Mi può dire quando arriverà il mio ordine a casa?',
    'Vorrei cambiare la mia password perché non la ricordo più.',
    'Scrivimi una breve storia su un cane in riva al mare.',
    'Come posso restituire un articolo se la scatola è già aperta?',
  ],
  pt: [
    'Você pode me dizer quando o meu pedido vai chegar em casa?',
    'Quero trocar a minha senha porque não me lembro dela.',
    'Escreva para mim uma história curta sobre um cachorro na praia.',
    'Como devolvo um produto se a caixa já foi aberta?',
  ],
  nl: [
    'Kunt u mij vertellen wanneer mijn bestelling wordt bezorgd?',
    'Ik wil mijn wachtwoord veranderen omdat ik het vergeten ben.',
    'Schrijf een kort verhaal over een hond aan het strand.',
    'Hoe stuur ik iets terug als de doos al open is gemaakt?',
  ],
  pl: [
    'Czy może mi pan powiedzieć, kiedy przyjdzie moje zamówienie?',
    'Chciałbym zmienić hasło, ponieważ go zapomniałem.',
    'Napisz mi krótką historię o psie nad morzem.',
    'Jak mogę zwrócić towar, jeśli pudełko jest już otwarte?',
  ],
  tr: [
    'Siparişimin ne zaman geleceğini bana söyleyebilir misiniz?',
    'Şifremi unuttuğum için değiştirmek istiyorum.',
    'Bana deniz kenarındaki bir köpek hakkında kısa bir hikâye yaz.',
    'Kutu açılmışsa ürünü nasıl geri gönderebilirim?',
  ],
  ru: [
    'Подскажите, пожалуйста, когда придёт мой заказ?',
    'Я хочу сменить пароль, потому что забыл его.',
    'Напиши мне короткий рассказ о собаке у моря.',
    'Как вернуть товар, если коробка уже открыта?',
  ],
  ar: [
    'هل يمكنك أن تخبرني متى سيصل طلبي إلى المنزل؟',
    'أريد تغيير كلمة المرور لأنني نسيتها.',
    'اكتب لي قصة قصيرة عن كلب بجانب البحر.',
    'كيف يمكنني إرجاع المنتج إذا كانت العلبة مفتوحة؟',
  ],
  zh: [
    '请问我的订单什么时候能送到家里?我已经等了两个星期了,还没有消息。',
    '我忘记了密码,所以想要修改一下,请告诉我应该在哪里操作。',
    '给我写一个关于海边的小狗的短故事,不要太长,结尾要高兴一点。',
    '如果盒子已经打开了,我怎样才能把商品退回去,运费由谁来付?',
  ],
  ja: [
    '注文した商品はいつごろ家に届きますか、教えてください。',
    'パスワードを忘れてしまったので、変更したいのですが。',
    '海辺の犬についての短い物語を書いてください。',
    '箱を開けてしまった場合、どうやって返品すればいいですか。',
  ],
}
