import { firstOfLine } from './lists.ts'

/** Technical products, formats and companies, known also in lower case. `_` stands for a space. */
const lines = `
javascript js|typescript ts|python py|java|kotlin|swift_lang|golang|rust|ruby|php|perl|scala|haskell|elixir|erlang|clojure|lua|matlab|fortran|cobol|c++ cpp|c#|csharp|objective-c|bash|zsh|powershell|sql|html|css|sass|json|yaml yml|xml|csv|toml|markdown|latex|pdf|wasm webassembly
node nodejs node.js|deno|bun|react reactjs react.js|vue vuejs vue.js|angular angularjs|svelte|nextjs next.js|nuxt|express expressjs|django|flask|fastapi|rails|laravel|symfony|spring_boot|dotnet .net|tensorflow|pytorch|keras|numpy|pandas|jquery|webpack|vite|babel|eslint|npm|yarn|pnpm|pip|conda|maven|gradle|cargo
postgresql postgres|mysql|mariadb|sqlite|mongodb mongo|redis|cassandra|elasticsearch|oracle|kafka|rabbitmq|nginx|apache|docker|kubernetes k8s|podman|terraform|ansible|jenkins|git|github|gitlab|bitbucket|svn|jira|confluence|slack|discord|zoom|teams|trello|notion|figma|photoshop|illustrator|excel|powerpoint|outlook|onenote|onedrive|dropbox|salesforce|shopify|wordpress|drupal|stripe|paypal|venmo|airtable|zapier
aws amazon_web_services|azure|gcp google_cloud|heroku|vercel|netlify|cloudflare|digitalocean|firebase|supabase|linux|ubuntu|debian|fedora|centos|redhat|windows|macos osx mac_os mac|ios|android|chromeos|chrome|firefox|safari|opera|brave_browser|msedge|vscode visual_studio_code|vim|emacs|intellij|pycharm|xcode|eclipse
google|microsoft|apple_inc|amazon|facebook meta_platforms|twitter|instagram|whatsapp|telegram|tiktok|youtube|netflix|spotify|snapchat|linkedin|reddit|quora|pinterest|uber|lyft|airbnb|tesla|toyota|honda|bmw|mercedes|audi|volkswagen vw|nissan|hyundai|samsung|sony|nokia|huawei|xiaomi|lg|intel|amd|nvidia|ibm|dell|lenovo|asus|nike|adidas|walmart|ikea|starbucks|mcdonalds
iphone|ipad|macbook|airpods|imac|apple_watch|kindle|alexa|siri|cortana|playstation|xbox|nintendo|gmail|hotmail|yahoo|bing|wikipedia|bitcoin btc|ethereum|dogecoin|litecoin|chatgpt|gpt|claude|gemini|llama|mistral|openai|anthropic|deepseek|apple_pay|google_pay|samsung_pay|visa|mastercard|amex american_express|maestro|western_union|swift_transfer|sepa|iban|fbi|cia|nasa|fifa|nba|nfl|irs|mit|harvard|stanford|oxford|cambridge|yale|ielts|toefl|gre|gmat|cat_exam|upsc|iit|nit
oauth|saml|jwt|tls ssl|ssh|ftp|sftp|http|https|tcp|udp|grpc|graphql|websocket|usb|hdmi|bluetooth|wifi|ethernet|nfc|vpn|gps|png|jpeg jpg|gif|svg|mp3|mp4|wav|docx|xlsx|utf-8|ascii|base64|sha256|md5|rsa|aes`

export const products: ReadonlyMap<string, string> = new Map(
  [...firstOfLine(lines)].map(
    ([name, first]) => [name, first].map((text) => text.replaceAll('_', ' ')) as [string, string],
  ),
)
