/** Words that may stand for one another without changing an answer, a group a line or between bars. Words of one stem need no entry. */
export const synonymGroups = `
big large huge enormous giant massive|small little tiny|fast quick rapid speedy swift|begin start commence|end finish|buy purchase|remove delete erase|fix repair mend|get obtain acquire
help assist aid|show display|choose select pick|change modify alter edit update amend switch swap|make create|require need|permit allow let|stop halt|quit resign|correct right|wrong incorrect|error mistake fault
happy glad joyful cheerful joyous|sad unhappy miserable|smart intelligent clever bright brainy|brave courageous fearless bold|angry furious|rich wealthy affluent|hard difficult tough challenging|easy simple effortless|beautiful gorgeous|attractive goodlooking
strong powerful|calm peaceful serene|confident selfassured|honest truthful sincere|polite courteous respectful|rude impolite|kind nice kindhearted|generous charitable|humble modest|arrogant conceited|lazy idle|hardworking diligent industrious|famous wellknown renowned|funny humorous amusing
creative inventive imaginative|logical rational|sensible reasonable|emotional sentimental|spiritual soulful|religious devout pious|healthy fit|sick ill unwell|thin slim skinny|fat overweight obese|tired exhausted|scared afraid frightened fearful terrified|nervous anxious worried|shy timid bashful
lonely lonesome|energetic lively vigorous|enthusiastic eager keen|loyal faithful|reliable dependable trustworthy|independent selfreliant|mature grownup|sociable outgoing|optimistic upbeat|compassionate empathetic caring|stubborn obstinate headstrong|curious inquisitive|careful cautious
productive efficient|successful prosperous|organized orderly|focused attentive|interesting intriguing fascinating|boring dull tedious|weird strange peculiar bizarre unusual odd|normal usual ordinary typical|hopeful optimist|vegan plantbased|thankful grateful appreciative|vocal outspoken|vulnerable defenseless|passionate ardent|wise sage
important significant crucial essential|necessary needed required|dangerous hazardous unsafe|safe secure|cheap inexpensive|expensive costly pricey|old aged elderly|young youthful|new recent|main primary principal|whole entire|usual customary|famous celebrated|own possess|job occupation profession|doctor physician|lawyer attorney
car automobile auto|bicycle bike|film movie|television tv telly|phone telephone mobile cellphone smartphone handset|picture photo photograph|airplane plane aircraft|holiday vacation|garbage trash rubbish|truck lorry|sofa couch|shop store|child kid|baby infant|mother mom mum|father dad
house home|street road|city town|country nation|trip journey|money fund|salary wage|price cost|fee charge|bill invoice|refund reimburse reimbursement|payment pay|transaction transact|transfer remit|account acct|company firm business|boss supervisor|employee worker|goal aim objective
website site webpage|folder directory|password passwd pwd|laptop notebook|computer pc|login signin|logout signoff|register signup|username userid|bug defect|config configuration configure|repo repository|db database|docs documentation
info information|admin administrator|auth authenticate authentication|authorize authoriz|env environment|lib library|param parameter|func function|var variable|args argument|ad advertisement advert|exam examination|lab laboratory|math maths mathematics|vet veterinarian|gym gymnasium|fridge refrigerator|uni university|ceo chiefexecutive
retrieve recover|find locate|pending outstanding|seek search|view look see watch|verify confirm validate check|ensure guarantee|inform notify|contact reach|call ring|speak talk|reply respond|ask inquire enquire|explain clarify|describe depict|mean signify|learn study|teach instruct|understand comprehend grasp|think believe reckon consider
like enjoy|love adore|hate detest loathe|want desire|hope wish|try attempt|use utilize|build construct|destroy demolish|increase raise boost|decrease reduce lessen|improve enhance|prevent avoid|keep retain|hold grip|save preserve|throw toss|send ship dispatch deliver submit lodge
arrive|leave depart|live reside|die perish|happen occur|appear emerge|disappear vanish|continue proceed|wait await|stay remain|gather collect|combine merge unite|divide split|connect link|separate detach|include contain comprise|cancel abort|decline reject refuse deny|accept approve|activate enable|deactivate disable
effect impact influence|result outcome consequence|benefit advantage|disadvantage drawback|method way approach technique|type sort variety|part piece portion|example instance|problem issue trouble difficulty|difference distinction|rule regulation|law legislation|chance opportunity|risk hazard
speed velocity|size dimension|amount quantity|maximum max|minimum min|total sum|percent percentage|temperature temp|expire expiry expiration|topup reload recharge|atm cashpoint cashmachine|withdraw cashout|stolen theft|lost missing
mold mildew mould|stain spot|rug carpet|food meal|boil simmer|rabbit bunny|disease illness sickness|medicine medication|pain ache|injury wound|pregnant expecting|exercise workout|diet nutrition|sleep slumber|fight combat
leader chief|election vote|government gov|police cop|thief robber|crime offense|prison jail|singer vocalist|author writer|poet bard|teacher instructor|student pupil|scientist researcher|developer programmer coder|expert specialist|beginner novice newbie
photographer cameraman|journalist reporter|investigator detective|entrepreneur businessperson|interpreter translator|adviser advisor|painting canvas|estate property|castle fortress|village hamlet|forest woods|ocean sea|mountain mount|stone rock
candy sweets|soda pop|cookie biscuit|pants trousers|sweater jumper|diaper nappy|gasoline petrol|mailbox postbox|subway metro|railway railroad|schedule timetable|postcode zipcode zip
additional extra another|many numerous|enough sufficient|nearly almost|approximately roughly|often frequently|rarely seldom|immediately instantly straightaway|alone solo|abroad overseas|nearby near|simultaneously concurrently
write compose|click tap|copy duplicate|undo revert|rename relabel
permission consent|agreement contract|quote quotation|agent agency|deadline duedate|reservation booking|luggage baggage|hotel inn|restaurant eatery diner|dinner supper|drink beverage|alcohol liquor booze|marijuana cannabis weed
stomach belly tummy|allergy allergic|vaccine vaccination
control govern|hire recruit|fire dismiss|measure gauge|calculate compute|estimate guess|predict forecast|prove demonstrate|discover uncover|invent devise|draw sketch
possible feasible|impossible infeasible|likely probable|sure certain|obvious evident apparent|gratis complimentary|ready prepared|busy occupied|empty vacant|dirty filthy|wet damp|quiet silent|loud noisy
`

/** Real words one letter apart, which are no typing slips of one another. */
export const lookalikes: ReadonlySet<string> = new Set(
  `trail trial diary dairy angel angle united untied desert dessert message massage affect effect accept except adopt adapt adept except latter later
  lessen lesson loose lose quite quiet quit principle principal stationary stationery complement compliment council counsel device devise advice advise personal personnel
  through though thorough tough thought moral morale human humane breath breathe bathe cloth clothe clothes sight site cite plane plain plate place plant price prize pride
  proceed precede prescribe proscribe persecute prosecute perspective prospective causal casual marital martial board broad bored form from farm horse house mouse moose
  course coarse curse nurse purse purpose propose compose expose dispose import impart expert export sport spot sort short shirt skirt start smart star stare state estate static
  stack stock stick sticky black block clock flock click clack slack snack track truck trick brick break bread brand grand bread beard board heart hearth earth early yearly nearly
  paint point print pint saint faint taste waste paste haste baste white while whale wheel wheat cheat cheap sheep sleep sheet shoot short shout shot slot slow snow show
  small smell spell spill skill skull still steel steal stole stale scale scare score store stone stove shore share shape shave slave salve solve salve valve
  cache catch batch match watch patch latch hatch lunch launch bunch bench branch brunch ranch trench french witch which switch stitch ditch pitch
  table cable stable tablet cabinet hotel motel model modal medal metal mental dental rental lender gender tender render sender blender defender slender
  cover hover lover clover plover river liver diver driver silver sliver fever never lever sever server severe several general generate operate
  bitter butter better battery batter letter litter latter matter water wafer waiter writer rider wider cider spider leader reader header
  angry hungry hunger anger danger ranger manger manager finger singer linger ginger bigger
  horror mirror error terror minor major mayor manor honor donor labor tumor rumor humor
  forty fourth fourteen thirteen thirty fifteen fifty sixteen sixty seventeen seventy eighteen eighty nineteen ninety
  sunday monday tuesday thursday march match august
  inter intra hyper hypo micro macro under order older elder folder holder solder soldier shoulder
  hear heard herd beard board word world sword work fork pork park mark bark dark shark spark
  cheque check cheek creek greek greed green queen query quarry carry marry merry berry ferry cherry
  train brain drain grain strain trait gain again against
  union onion opinion minion million billion trillion pillion
  exist exits exit visit edit credit debit audit admit emit omit limit
  sells cells cell sell call tall tell fell fall fill file fire tire wire hire hired fired tired wired
  public publish polish finish spanish danish swedish british
  insure ensure unsure assure sure pure cure secure obscure
  inform conform confirm reform perform platform
  illusion allusion elusive allusive delusion collusion collision
  eminent imminent immanent emigrate immigrate migrate
  lightning lightening hearing healing heating beating eating dating rating hating
  county country count court courts sort sorted
  mother brother other another father farther further feather weather whether leather
  sister mister master faster foster poster roster rooster booster toaster
  kitten kitchen chicken thicken sicken
  turtle tortoise turkey donkey monkey money honey hockey jockey
  pigeon region legion religion
  lion loin coin join
  snail snake shake stake steak streak
  rabbit rabbi habit orbit
  goose moose mouse louse lobster hamster gangster`.split(/\s+/),
)
