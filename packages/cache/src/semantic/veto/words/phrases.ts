/**
 * Runs of words that are read as one: `phrase = reading`, the reading a few words or nothing. Longer ones win.
 * Behind `^` those that count only where a text begins. They unite the many ways to open a question, drop talk about asking, and join phrasal verbs.
 */
const lists = `
can you tell me|could you tell me|can you please tell me|could you please tell me|please tell me|tell me|can you explain|could you explain|please explain|explain to me
can anyone tell me|does anyone know|do you know|any idea|i would like to know|i'd like to know|i want to know|i wanna know|i need to know|i wish to know
i was wondering|i am wondering|i'm wondering|just wondering|i have a question|quick question|let me know|can i ask|may i ask|i'm curious|i am curious
i don't know|i do not know|i don't understand|i do not understand|i can't figure out|i cannot figure out|i'm not sure|i am not sure|not sure|i can't find|i cannot find out|i don't get
i can't understand|i cannot understand|do you happen to know|would you mind|could you please|can you please|would you please|could you|can you|would you|will you
help me understand|help me to|help me|i need help with|i need some help|i need help|i'd like help|need help|assist me|show me|give me|teach me
i would like to|i'd like to|i want to|i wanna|i need to|i have to|i wish to|i am trying to|i'm trying to|i am looking to|i'm looking to|i tried to|trying to|i am going to|i'm going to|i plan to
^good morning|^good afternoon|^good evening|^good day|^morning !|^morning ,|^evening !|^afternoon !|hi there|hello there|hi team|hello team|hi all|hi everyone|hi guys|silly question|stupid question|dumb question|quick one|many thanks=thanks|thanks so much=thanks|thank you so much=thanks|thank you very much=thanks|thanks a lot=thanks|thanks in advance=thanks|divided by=divide|multiplied by=times|
much appreciated|appreciate it|any help|sorry to bother you|excuse me|out of curiosity|as far as|feel free|in my case|in my opinion|for me|by any chance|if possible|as soon as possible|right away|thank you=thanks|as well|in general|generally speaking|at all|of course|after all
whether or not|or not|no matter|no problem|not only|for example|for instance|such as|kind of|sort of|a bit|a little|in order to=to|so as to=to|so that|in fact|in particular
do you think|i think|do people|would it be|is it|are there|is there|was there|there is|there are|it's|that's|what's=what|who's=who|how's=how|where's=where|when's=when|why's=why
is there a way to=how|is there any way to=how|is there a way i can=how|is there any way i can=how|are there any ways to=how|is it possible to=how|is it possible for me to=how|any way to=how|a way to=how|ways to=how
what is the best way to=how|what's the best way to=how|what is the way to=how|what is the easiest way to=how|what is the right way to=how|what is the proper way to=how|what's the easiest way to=how|what are the best ways to=how
what are the steps to=how|what steps do i take to=how|what steps should i take to=how|what should i do to=how|what do i do to=how|what do i need to do to=how|what do i have to do to=how|what must i do to=how|what can i do to=how
what is the process for=how|what is the process to=how|what is the procedure for=how|what is the procedure to=how|what is a good way to=how|what's a good way to=how|what are some ways to=how|best way to=how
how do i go about=how|how would i go about=how|how can i go about=how|how should i go about=how|how do you go about=how|how am i able to=how|how would i be able to=how
how do i=how|how can i=how|how could i=how|how would i=how|how should i=how|how do you=how|how can you=how|how do we=how|how can we=how|how does one=how|how can one=how|how might i=how|how to=how|how i can=how|how do people=how|how would one=how|how should one=how
how come=why|what caused=why|what is causing=why|what has caused=why|what could cause=why|what would cause=why|what may cause=why|what is the reason=why|what's the reason=why|what are the reasons=why|what is the cause of=why|for what reason=why|what made=why|what makes=why|what causes=why|reason why=why|reasons why=why|the reason for=why
what time=when|at what time=when|on what date=when|what date=when|what day=when|what year=when|in what year=when|in which year=when|which year=when|at which time=when
in which place=where|what place=where|which place=where|at what place=where|in what place=where|what location=where
which person=who|what person=who|what is the name of the person=who
how much time=howlong|how long=howlong|how many days=howlong|how many weeks=howlong|how many months=howlong|how many hours=howlong|how many minutes=howlong|how many years=howlong|how soon=howlong|how quickly=howlong|what length of time=howlong|how many=howmany|what number of=howmany|what is the number of=howmany|how often=howoften|how frequently=howoften|how far=howfar
how much does it cost=howmuch cost|how much is=howmuch cost|how much are=howmuch cost|how much do=howmuch|how much=howmuch|how expensive=howmuch cost|what is the price of=howmuch cost|what's the price of=howmuch cost|what is the cost of=howmuch cost|what does it cost to=howmuch cost|what amount of=howmuch|how old=howold|what age=howold|what is the age of=howold|how big=howbig|how tall=howbig|how fast=howfast|how good=howgood
turn on=enable|turns on=enable|turned on=enable|turning on=enable|switch on=enable|switched on=enable|switching on=enable|turn off=disable|turned off=disable|turning off=disable|switch off=disable|switched off=disable|switching off=disable|shut off=disable|shut down=shutdown
log in=login|logging in=login|logged in=login|sign in=login|signing in=login|signed in=login|log on=login|log out=logout|logging out=logout|sign out=logout|log off=logout|sign up=register|signing up=register|signed up=register
set up=setup|setting up=setup|get rid of=remove|getting rid of=remove|take off=takeoff|take out=withdraw|takes out=withdraw|taking out=withdraw|took out=withdraw|taken out=withdraw|put in=deposit|find out=learn|look for=search|looking for=search|look up=search
pick up=pickup|drop off=dropoff|give up=quit|giving up=quit|carry on=continue|carry out=do|come back=return|go back=return|get back=return|give back=return|send back=return|bring back=return|back up=backup|backing up=backup|speed up=accelerate|slow down=decelerate
top up=topup|top ups=topup|topping up=topup|topped up=topup|topups=topup|fill up=fill|fill in=fill|fill out=fill|write down=note|handed in=submit|turn in=submit|send in=submit|set off=depart|pay back=repay|call off=cancel|put off=postpone|work out=exercise|figure out=solve|check in=checkin|check out=checkout
go up=increase|goes up=increase|going up=increase|went up=increase|go down=decrease|goes down=decrease|going down=decrease|went down=decrease|a lot of=many|lots of=many|plenty of=many|a couple of=few|a number of=several|a few=few|as well as=and|along with=with|together with=with
due to=because|because of=because|owing to=because|instead of=instead|rather than=instead|according to=viewed think|in the opinion of=viewed think|in the eyes of=viewed think|apart from=except|other than=except|aside from=except|except for=except
prior to=before|ahead of=before|subsequent to=after|following on from=after|in front of=front|on top of=atop|next to=near|close to=near|up to=maximum|at least=minimum|at most=maximum|more than=over|less than=under|fewer than=under|greater than=over|no more than=maximum|no less than=minimum|in excess of=over
no longer=nolonger|not anymore=nolonger|any more=nolonger|any longer=nolonger|anymore=nolonger|used to=usedto|use to=usedto|get used to=accustom|is used to=|are used to=|can be used to=|supposed to=should|have to=must|has to=must|need to=must|needs to=must|got to=must|had to=must|required to=must|able to=able
e mail=email|e mails=email|on line=online|off line=offline|web site=website|user name=username|pass word=password|smart phone=phone|cell phone=phone|mobile phone=phone|cellular phone=phone|wi fi=wifi|to do list=todolist|post code=postcode|zip code=postcode|data base=database|key board=keyboard|screen shot=screenshot|lap top=laptop|down load=download|up load=upload|two factor=2fa|two step=2fa|2 factor=2fa|air port=airport|book store=bookstore
direct debit=directdebit|debit card=debitcard|credit card=creditcard|standing order=standingorder|exchange rate=exchangerate|bank transfer=transfer|wire transfer=transfer|cash machine=atm|cash point=atm|money back=refund|pin number=pin|pin code=pin|pass code=passcode|bank account=account|savings account=savingsaccount|current account=checkingaccount|checking account=checkingaccount
two factor authentication=twofactor|two step verification=twofactor|two factor=twofactor|2 fa=twofactor|multi factor authentication=twofactor|mfa=twofactor|artificial intelligence=ai|machine learning=ml|operating system=os|pull request=pr|continuous integration=ci|virtual machine=vm|user interface=ui|return on investment=roi|chief executive officer=ceo|frequently asked questions=faq|human resources=hr|television set=tv|vice president=vicepresident|stand for=mean|stands for=mean|short for=mean
fall ill=sick|make sure=ensure|take care of=care|take part in=participate|make use of=use|have a look at=view|take a look at=view|look at=view|give birth=birth|run out of=exhaust|deal with=handle|get in touch with=contact|get in touch=contact|get hold of=contact|reach out to=contact|get married to=marry|married to=married|in charge of=manage|be able to=able|go through=complete|goes through=complete|gone through=complete
`

export interface Phrase {
  /** It counts only where the text begins. */
  readonly isOpening: boolean
  readonly words: readonly string[]
  readonly reading: readonly string[]
}

/** Phrases by their first word, longest first. */
export const phrases: ReadonlyMap<string, readonly Phrase[]> = read()

function read(): ReadonlyMap<string, readonly Phrase[]> {
  const byFirst = new Map<string, Phrase[]>()
  for (const line of lists.trim().split(/[|\n]/)) {
    const [entry = '', reading = ''] = line.split('=')
    const isOpening = entry.startsWith('^')
    const phrase = isOpening ? entry.slice(1) : entry
    // As the words stand once contractions are taken apart.
    const words = phrase
      .replace(/n't\b/g, " n't")
      .replace(/\bca n't/g, "can n't")
      .replace(/(\w)('(?:s|m|d|ll|re|ve))\b/g, '$1 $2')
      .split(' ')
    const first = words[0] ?? ''
    byFirst.set(first, [
      ...(byFirst.get(first) ?? []),
      { isOpening, words, reading: reading.split(' ').filter(Boolean) },
    ])
  }
  for (const list of byFirst.values()) list.sort((a, b) => b.words.length - a.words.length)
  return byFirst
}
