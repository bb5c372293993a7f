import { firstOfLine } from './lists.ts'

/** Countries with their people and languages where the word is the same, by line: the first is the name. `_` stands for a space. */
const countries = `
usa united_states united_states_of_america america us u.s u.s.a the_states|uk united_kingdom great_britain britain gb u.k|england|scotland|wales|ireland|france|germany|spain|portugal|italy|greece|netherlands holland the_netherlands|belgium|luxembourg|switzerland|austria|poland|czechia czech_republic|slovakia|hungary|romania|bulgaria|serbia|croatia|slovenia|bosnia|albania|macedonia|montenegro|kosovo|ukraine|russia russian_federation|belarus|lithuania|latvia|estonia|finland|sweden|norway|denmark|iceland|malta|cyprus|turkey_country turkiye
china prc|japan|south_korea korea|north_korea dprk|india|pakistan|bangladesh|nepal|bhutan|sri_lanka|myanmar burma|thailand|vietnam|cambodia|laos|malaysia|singapore|indonesia|philippines|taiwan|mongolia|kazakhstan|uzbekistan|afghanistan|iran|iraq|syria|lebanon|israel|palestine|jordan_country|saudi_arabia ksa|yemen|oman|uae united_arab_emirates|qatar|kuwait|bahrain|georgia|armenia|azerbaijan
egypt|libya|tunisia|algeria|morocco|sudan|ethiopia|kenya|uganda|tanzania|rwanda|nigeria|ghana|senegal|cameroon|congo|angola|zambia|zimbabwe|mozambique|madagascar|namibia|botswana|south_africa|canada|mexico|cuba|jamaica|haiti|guatemala|honduras|nicaragua|costa_rica|panama|colombia|venezuela|ecuador|peru|bolivia|brazil|paraguay|uruguay|argentina|chile|australia|new_zealand nz|fiji
europe|asia|africa|north_america|south_america|latin_america|antarctica|oceania|middle_east|eu european_union|un united_nations|nato|hong_kong|scandinavia`

const peoples = `
american americans|british briton britons|english|scottish|welsh|irish|french frenchman|german germans|spanish spaniard|portuguese|italian italians|greek greeks|dutch|belgian|swiss|austrian|polish|czech|hungarian|romanian|bulgarian|serbian|croatian|ukrainian|russian russians|finnish|swedish|norwegian|danish|icelandic|turkish
chinese mandarin|cantonese|japanese|korean|indian indians|pakistani|bangladeshi|thai|vietnamese|malaysian|indonesian|filipino|mongolian|afghan|iranian persian|iraqi|syrian|lebanese|israeli|palestinian|saudi|egyptian|moroccan|nigerian|kenyan|ethiopian|ghanaian|canadian canadians|mexican mexicans|cuban|jamaican|colombian|venezuelan|peruvian|brazilian|argentinian argentine|chilean|australian|european|asian|african|latin|hebrew|arabic|arab|hindi|urdu|bengali|tamil|punjabi|swahili
muslim muslims islamic|christian christians|jewish jew jews|hindu hindus|buddhist buddhists|catholic catholics|protestant|sikh|atheist atheists`

const cities = `
new_york new_york_city nyc|los_angeles la_city|san_francisco sf|chicago|houston|boston|seattle|miami|dallas|atlanta|denver|detroit|philadelphia philly|phoenix_city|san_diego|las_vegas vegas|washington washington_dc d.c|toronto|vancouver|montreal|ottawa|calgary|mexico_city|london|manchester|birmingham|liverpool|edinburgh|glasgow|dublin|paris|lyon|marseille|berlin|munich|hamburg|frankfurt|cologne|vienna|zurich|geneva|amsterdam|rotterdam|brussels|madrid|barcelona|valencia|lisbon|porto|rome|milan|naples|venice|florence|athens|istanbul|ankara|moscow|kiev kyiv|warsaw|krakow|prague|budapest|bucharest|sofia|belgrade|stockholm|oslo|copenhagen|helsinki
tokyo|osaka|kyoto|seoul|busan|beijing peking|shanghai|shenzhen|guangzhou|delhi new_delhi|mumbai bombay|bangalore bengaluru|chennai madras|kolkata calcutta|hyderabad|pune|karachi|lahore|islamabad|dhaka|bangkok|hanoi|saigon ho_chi_minh_city|kuala_lumpur|jakarta|manila|taipei|dubai|abu_dhabi|doha|riyadh|tehran|baghdad|jerusalem|tel_aviv|cairo|lagos|nairobi|johannesburg|cape_town|sydney|melbourne|brisbane|perth|auckland|sao_paulo|rio_de_janeiro rio|buenos_aires|lima|bogota|santiago
california|texas|florida|new_jersey|nevada|oregon|arizona|colorado|ohio|michigan|illinois|pennsylvania|massachusetts|minnesota|wisconsin|alaska|hawaii|utah|ontario|quebec|bavaria|catalonia|siberia|tibet|kashmir|punjab|kerala|silicon_valley|manhattan|brooklyn|hollywood`

/** What is of a country and the country are one name: a US citizen, an American citizen. Not `English`, which is a language first. */
const countryOf = new Map(
  'american:usa british:uk irish:ireland french:france german:germany spanish:spain portuguese:portugal italian:italy greek:greece dutch:netherlands belgian:belgium swiss:switzerland austrian:austria polish:poland hungarian:hungary romanian:romania russian:russia ukrainian:ukraine finnish:finland swedish:sweden norwegian:norway danish:denmark chinese:china japanese:japan indian:india vietnamese:vietnam indonesian:indonesia egyptian:egypt nigerian:nigeria kenyan:kenya canadian:canada mexican:mexico brazilian:brazil australian:australia european:europe african:africa asian:asia'
    .split(' ')
    .map((pair) => pair.split(':') as [string, string]),
)

/** Places, peoples, faiths and languages to their one name. */
export const places: ReadonlyMap<string, string> = new Map(
  [countries, peoples, cities].flatMap((lines) =>
    [...firstOfLine(lines)].map(
      ([name, first]) =>
        [name, countryOf.get(first) ?? first].map((text) => text.replaceAll('_', ' ')) as [string, string],
    ),
  ),
)
