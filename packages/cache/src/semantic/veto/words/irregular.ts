/** `base form form…`, by line. */
const lists = `
use used using|be am is are was were been being|have has had having|do does did done doing|go goes went gone going|get gets got gotten getting
make made|take took taken|come came|see saw seen|know knew known|give gave given|find found|think thought|tell told
become became|leave left|feel felt|bring brought|begin began begun|keep kept|hold held|write wrote written|stand stood
hear heard|mean meant|meet met|pay paid|sit sat|speak spoke spoken|lie lay lain lying|lead led|grow grew grown
lose lost|fall fell fallen|send sent|build built|understand understood|draw drew drawn|break broke broken|spend spent
rise rose risen|drive drove driven|buy bought|wear wore worn|choose chose chosen|eat ate eaten|sleep slept|fly flew flown
forget forgot forgotten|catch caught|teach taught|fight fought|sell sold|seek sought|steal stole stolen|swim swam swum
sing sang sung|drink drank drunk|ring rang rung|run ran|win won|bite bit bitten|hide hid hidden|ride rode ridden
shake shook shaken|swear swore sworn|tear tore torn|throw threw thrown|wake woke woken|freeze froze frozen|beat beaten
blow blew blown|bind bound|bleed bled|breed bred|feed fed|dig dug|hang hung|shoot shot|shine shone|stick stuck|strike struck
sweep swept|swing swung|weep wept|wind wound|lend lent|bend bent|deal dealt|dream dreamt|burn burnt|learn learnt|smell smelt
spell spelt|spill spilt|spoil spoilt|light lit|slide slid|shrink shrank shrunk|sink sank sunk|stink stank|spring sprang sprung
forgive forgave forgiven|withdraw withdrew withdrawn withdrawal withdrawl|overcome overcame|undergo underwent undergone|arise arose arisen
say said|show shown|hurt hurts|die died dying|tie tied tying|use used|marry married marriage|die dead|
man men|woman women|child children|person people persons|foot feet|tooth teeth|mouse mice|goose geese|ox oxen
leaf leaves|life lives|knife knives|wife wives|half halves|wolf wolves|shelf shelves|thief thieves|loaf loaves|calf calves|elf elves
datum data|criterion criteria|phenomenon phenomena|analysis analyses|crisis crises|thesis theses|index indices indexes
medium media|appendix appendices|matrix matrices|vertex vertices|axis axes|potato potatoes|tomato tomatoes|hero heroes|echo echoes
subscribe subscription|describe description|receive receipt received receiving|decide decision|expand expansion|extend extension
permit permission|admit admission|divide division|conclude conclusion|explode explosion|include inclusion|exclude exclusion
convert conversion|invert inversion|solve solution|resolve resolution|produce production|reduce reduction|introduce introduction
refuse refusal|arrive arrival|deny denial|propose proposal|approve approval|renew renewal|remove removal|deliver delivery
discover discovery|recover recovery|choose choice|compare comparison|believe belief|advise advice|prove proof proven|grow growth
fail failure fails failed|press pressure|expose exposure|close closure|seize seizure|proceed procedure|process processing
safe safety|secure security|able ability|active activity|similar similarity|popular popularity|complex complexity
high height|long length|wide width|deep depth|strong strength|warm warmth|true truth|young youth|weigh weight|
differ different difference|important importance|absent absence|present presence|confident confidence|patient patience
install installation|cancel cancellation cancelled cancelling canceled|travel travelled travelling traveler|label labelled labelling
refer referred referring|control controlled controlling|occur occurred occurring occurrence|transfer transferred transferring
top topped topping|big bigger biggest|log logged logging|plan planned planning|stop stopped stopping|ship shipped shipping
submit submitted submitting submission|commit committed committing|format formatted formatting|program programme programmed programming
pronounce pronunciation|explain explanation|maintain maintenance|insure insurance|perform performance|exist existence|exchange exchanged exchanging
authorise authorize authorization|identify identification|apply application applied applying|publish publication|qualify qualification|notify notification
recognise recognize recognition|analyse analyze analysing analyzing|organise organize|practise practice|licence license|grey gray|centre center|theatre theater
tyre tire|enrol enroll|fulfil fulfill|catalogue catalog|dialogue dialog|travelling traveling|defence defense|offence offense|jewellery jewelry|aeroplane airplane
successful success succeed|dangerous danger|healthy health|wealthy wealth|angry anger|hungry hunger|thirsty thirst|beauty beautiful
`

export const irregularForms: ReadonlyMap<string, string> = new Map(
  lists
    .split(/[|\n]/)
    .map((line) => line.trim().split(/\s+/))
    .flatMap(([base = '', ...forms]) => forms.map((form) => [form, base] as const)),
)

/** Past participles that do not end in -ed: they tell a passive (`was left by`). */
export const participles: ReadonlySet<string> = new Set(
  `done gone got gotten made taken seen known given found thought told left felt brought begun kept held written heard meant met
  paid spoken led grown lost sent built understood drawn broken spent driven bought worn chosen eaten forgotten caught taught
  fought sold sought stolen sung drunk won bitten hidden ridden shaken sworn torn thrown woken frozen beaten blown bound fed dug
  hung shot stuck struck swept swung lent bent dealt lit forgiven withdrawn overcome said shown hurt hit cut put set read shut cost
  let run burnt learnt spilt spoilt split spread quit rid cast shed hewn sewn proven`.split(/\s+/),
)
