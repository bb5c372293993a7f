import { wordSet } from './lists.ts'

/** First names that are no plain words, to know people in lower-case text and at the start of a sentence. */
export const firstNames: ReadonlySet<string> = wordSet(`
james john robert michael william david richard joseph thomas charles christopher daniel matthew anthony donald steven paul andrew joshua kenneth kevin brian george edward ronald timothy jason
jeffrey ryan jacob gary nicholas eric jonathan stephen larry justin scott brandon benjamin samuel gregory patrick alexander raymond jack dennis jerry tyler aaron jose adam nathan henry douglas zachary peter kyle
ethan walter noah jeremy christian keith roger terry gerald harold sean austin carl arthur lawrence dylan jesse jordan bryan billy joe bruce gabriel logan alan juan wayne elijah roy ralph randy eugene vincent russell louis bobby philip johnny
mary patricia jennifer linda elizabeth barbara susan jessica sarah karen lisa nancy betty sandra margaret ashley kimberly emily donna michelle carol amanda melissa deborah stephanie rebecca sharon laura cynthia kathleen amy angela shirley anna brenda pamela
emma nicole helen samantha katherine christine debra rachel carolyn janet maria catherine heather diane olivia julie joyce victoria kelly christina lauren joan evelyn judith megan andrea cheryl hannah jacqueline martha gloria teresa ann sara madison frances kathryn janice jean abigail
alice julia judy sophia denise amber marilyn danielle beverly isabella theresa diana natalie brittany charlotte marie kayla alexis lori mohammed muhammad ahmed ali omar fatima aisha priya rahul amit raj wei li chen yuki hiroshi ivan olga dmitri carlos luis miguel pedro jorge sofia lucia pierre
jamie taylor morgan casey riley erin shannon tracy leslie lindsey dana robin bob tom tim jim mike dave steve chris matt dan sam ben nick tony ken greg jeff josh alex andy kate jane liz sue meg beth lucy molly ellie zoe chloe mia ava
obama trump clinton hillary biden putin modi einstein newton shakespeare gandhi hitler napoleon lincoln`)

/** Places and products that are plain words in lower case. */
export const vagueNames: ReadonlySet<string> = wordSet(`
us go turkey rust ruby rails spring express flask notion teams zoom opera chrome oracle apache slack stripe excel visa nice nit gre cargo yarn bun
node deno edge swift polish windows lima china mobile reading wise un la porto rio congo jordan georgia chile oman latin phoenix florence venice mit
nike amazon apple word access vue vite keras dell meta claude gemini llama safari eclipse alexa`)
