/** Makers of models by how their models' names begin, without a router's prefix. */
const families: readonly (readonly [family: string, begins: RegExp])[] = [
  ['openai', /^(?:gpt|o\d|chatgpt|text-|davinci|codex)/],
  ['anthropic', /^claude/],
  ['google', /^(?:gemini|gemma|palm)/],
  ['meta', /^(?:llama|meta-llama|codellama)/],
  ['mistral', /^(?:mistral|mixtral|ministral|codestral|pixtral|magistral|devstral)/],
  ['alibaba', /^(?:qwen|qwq)/],
  ['deepseek', /^deepseek/],
  ['cohere', /^command/],
  ['xai', /^grok/],
  ['microsoft', /^phi/],
]

/** Whose model it is, as far as its name tells: `openai` for `gpt-4o-mini-2024-07-18` and for `openai/gpt-4o`. */
export function modelFamily(model: string): string | undefined {
  const name = model.toLowerCase().replace(/^.*\//, '')
  return families.find(([, begins]) => begins.test(name))?.[0]
}
