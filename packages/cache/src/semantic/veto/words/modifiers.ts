import { wordSet } from './lists.ts'

/** Words that may be there or not without a change in what is asked. */
export const lightWords: ReadonlySet<string> = wordSet(`
way thing stuff people someone somebody anyone anybody person everyone everybody matter case time fact point part kind type sort
new current existing particular certain exact whole entire actual own correct proper right possible available general simple quick easy own
help need want try like know tell ask understand explain find use make take give go come work happen seem able think look keep mean say put set
best good better great well nice main common different various several many much lot number few
now today currently always usually often recently finally soon again back away together yourself
online website site app list example step process procedure reason answer detail info information advice suggestion recommendation tip idea option
here please already yet just lately around something anything everything hour minute
real sure possible maybe show money receive obtain request stay involve policy value amount process offer include come bring appear app going caus steps rule rules calculate compute
both same exactly specific automatically manually asap instead because why
long`)

/** Light verbs that are the point of a question where one stands for another: `find my card`, `use my card`. Those of a group do not. */
export const lightVerbs =
  'find see look | use try | make | take get receive obtain request give | go come | work happen | keep | put set | help | explain understand know tell ask learn'

/** Nouns that make `what` ask for an amount or a time. */
export const measured: ReadonlySet<string> = wordSet(
  'time date day deadline hour cost price fee charge rate amount number sum limit period duration age size',
)

/** Adjectives of liking, looks, size and age: after `my` or `our` they decorate, since the noun is known already. */
export const decorative: ReadonlySet<string> = wordSet(`
cute lovely little big small tiny large huge giant beautiful pretty handsome gorgeous adorable sweet dear beloved favorite favourite precious old young new ugly poor silly funny crazy
wonderful amazing awesome nice great good bad terrible horrible stupid smart clever lazy happy sad friendly gentle fat skinny chubby fluffy furry hairy
black white brown red blue green yellow pink orange purple grey gray golden silver dark light tall short long slim nice-looking cool playful noisy quiet loud shy brave lonely`)

/** Adjectives that are compared by -er and -est. */
export const comparable: ReadonlySet<string> = wordSet(`
quick tiny costly wealthy shallow lazy steep tidy scary lucky lonely friendly old young big small large tall short long high low fast slow rich poor
hot cold warm cool strong weak heavy light cheap fat thin thick wide narrow deep smart clever nice kind happy sad easy hard safe clean dark bright
close near far great late early new soft loud quiet rude wise brave healthy busy funny pretty ugly dirty hungry angry strict simple fresh sharp smooth
tough rough calm`)
